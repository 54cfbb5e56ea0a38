from django.db import migrations
from elsewhere import told


def forwards(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(subtitle="-")


def back(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(**told)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, back),
    ]
