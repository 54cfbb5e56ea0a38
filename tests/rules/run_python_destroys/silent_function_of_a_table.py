from django.db import migrations


def purge(model):
    model.objects.all().delete()


def count(model):
    print(model.objects.count())


ACTIONS = dict(purge=purge, count=count)


def forwards(apps, schema_editor):
    ACTIONS["count"](apps.get_model("blog", "Blog"))
    ACTIONS["unknown"](1)
    ACTIONS.get("none")
    len("count")[1]


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
