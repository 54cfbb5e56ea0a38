from django.db import migrations
from django.db.models import F


def copy(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(subtitle=F("title"))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [migrations.RunPython(copy, migrations.RunPython.noop)]
