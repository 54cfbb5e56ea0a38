from django.db import migrations


def forwards(apps, schema_editor):
    schema_editor.delete_model(apps.get_model("blog", "Comment"))


class Migration(migrations.Migration):
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
