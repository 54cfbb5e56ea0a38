from django.db import migrations


def change(apps, schema_editor):
    getattr(apps.get_model("blog", "Blog").objects.all(), schema_editor.method)()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
