from django.db import migrations
from django.db.models import F


def forwards(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(subtitle=F("body"))


def back(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(body=F("subtitle"))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, back),
    ]
