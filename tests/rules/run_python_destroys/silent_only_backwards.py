from django.db import migrations


def forwards(apps, schema_editor):
    apps.get_model("blog", "Tag").objects.create(name="news")


def backwards(apps, schema_editor):
    apps.get_model("blog", "Tag").objects.filter(name="news").delete()


class Migration(migrations.Migration):
    operations = [migrations.RunPython(forwards, backwards)]
