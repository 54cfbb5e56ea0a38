from django.db import migrations
from django.db.models import F
from django.db.models.functions import Left


def forwards(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(subtitle=Left("body", 60))


def back(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(body=F("subtitle"))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, back),
    ]
