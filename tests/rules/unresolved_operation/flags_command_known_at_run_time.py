from django.core.management import call_command
from django.db import migrations


def change(apps, schema_editor):
    call_command(schema_editor.word)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
