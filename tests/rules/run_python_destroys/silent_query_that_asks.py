from django.db import migrations
from django.db.models import sql


def forwards(apps, schema_editor):
    print(sql.Query(apps.get_model("blog", "Blog")))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
