from django.db import migrations
from django.db.models import sql


def change(apps, schema_editor):
    sql.DeleteQuery(apps.get_model("blog", "Blog")).delete_batch([1], "default")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
