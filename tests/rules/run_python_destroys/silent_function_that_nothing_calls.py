from django.db import migrations


def purge(apps, schema_editor):
    apps.get_model("blog", "Comment").objects.all().delete()


class Migration(migrations.Migration):
    operations = [migrations.RunPython(migrations.RunPython.noop)]
