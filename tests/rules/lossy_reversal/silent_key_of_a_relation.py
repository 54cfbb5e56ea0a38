from django.db import migrations


def forwards(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(owner_id=1)


def back(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(owner=None)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, back),
    ]
