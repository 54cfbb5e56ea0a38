from django.db import migrations


def forwards(apps, schema_editor):
    apps.get_model("blog", "Comment").objects.filter(spam=True).update(hidden=True)


class Migration(migrations.Migration):
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
