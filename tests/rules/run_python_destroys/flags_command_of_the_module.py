from django.core import management
from django.db import migrations


def change(apps, schema_editor):
    management.call_command("reset_db")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
