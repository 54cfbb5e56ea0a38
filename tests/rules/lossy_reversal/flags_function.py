from django.db import migrations


def empty(apps, schema_editor):
    apps.get_model("blog", "Tag").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, empty),
    ]
