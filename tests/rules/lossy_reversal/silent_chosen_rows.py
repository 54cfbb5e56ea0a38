from django.db import migrations


def clean(apps, schema_editor):
    apps.get_model("blog", "Tag").objects.filter(name="new").delete()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, clean),
    ]
