from django.db import migrations


def change(apps, schema_editor):
    values = {schema_editor.name: ""}
    apps.get_model("blog", "Blog").objects.update(**values)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
