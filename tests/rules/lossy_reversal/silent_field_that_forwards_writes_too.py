from django.db import migrations
from django.db.models import F
from django.db.models.functions import Lower


def forwards(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(subtitle=Lower("body"), body="")


def back(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(body=F("subtitle"))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, back),
    ]
