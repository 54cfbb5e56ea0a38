from django.db import migrations
from elsewhere import values


def forwards(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(**values())


def back(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(body="")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, back),
    ]
