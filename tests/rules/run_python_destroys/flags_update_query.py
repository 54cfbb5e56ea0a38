from django.db import migrations
from django.db.models import sql


def forwards(apps, schema_editor):
    sql.UpdateQuery(apps.get_model("blog", "Blog")).update_batch([1], {"body": ""}, using="default")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
