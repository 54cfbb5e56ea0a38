from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [migrations.AddField("blog", "motto", models.TextField(null=True))]


# --- new
from django.db import migrations
from django.db.models import F


def copy(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(motto=F("title"))


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [migrations.RunPython(copy, migrations.RunPython.noop)]
