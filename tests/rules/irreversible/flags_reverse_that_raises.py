from django.db import migrations


def change(apps, schema_editor):
    pass


def back(apps, schema_editor):
    raise RuntimeError("no")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, back),
    ]
