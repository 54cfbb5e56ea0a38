from django.db import migrations


def forwards(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.create(title="")


def back(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(body="")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, back),
    ]
