from django.db import migrations


def change(apps, schema_editor):
    getattr(schema_editor, schema_editor.method)()
    getattr(apps.get_model("blog", "Blog").objects, "count")()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
