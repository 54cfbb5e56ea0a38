from django.db import migrations

STEPS = []


def step(function):
    STEPS.append(function)
    return function


@step
def forget(apps):
    apps.get_model("blog", "Blog").objects.filter(views=0).delete()


def forwards(apps, schema_editor):
    for function in STEPS:
        function(apps)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
