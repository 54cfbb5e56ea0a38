# base: blog/migrations/0001_initial.py
from django.db import migrations


def fill(apps, schema_editor):
    apps.get_model("blog", "Post").objects.update(slug="a")


class Migration(migrations.Migration):
    operations = [migrations.RunPython(fill)]


# file: blog/migrations/0001_initial.py
from django.db import migrations


def fill(apps, schema_editor):
    apps.get_model("blog", "Post").objects.update(slug="b")


class Migration(migrations.Migration):
    operations = [migrations.RunPython(fill)]
