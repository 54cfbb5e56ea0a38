from django.db import migrations


def back(apps, editor):
    editor.delete_model(apps.get_model("blog", "Mirror"))


def change(apps, schema_editor):
    schema_editor.create_model(apps.get_model("blog", "Mirror"))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, back),
    ]
