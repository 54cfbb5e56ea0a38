from django.db import migrations


def forwards(apps, schema_editor):
    schema_editor.alter_field(apps.get_model("blog", "Blog"), OLD, NEW)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
