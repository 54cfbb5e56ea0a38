from django.db import migrations


def purge(model):
    model.objects.all().delete()


ACTIONS = dict(purge=purge)
BY_NUMBER = {1: purge}


def forwards(apps, schema_editor):
    ACTIONS["purge"](apps.get_model("blog", "Blog"))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
