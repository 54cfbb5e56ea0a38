from django.db import migrations
from django.db.models import sql


def change(apps, schema_editor):
    sql.Query(apps.get_model("blog", "Blog")).add_filter("id", 1)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
