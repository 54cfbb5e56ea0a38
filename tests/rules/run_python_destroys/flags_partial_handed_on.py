from functools import partial

from django.db import migrations, transaction


def clean(model):
    model.objects.all().delete()


def change(apps, schema_editor):
    transaction.on_commit(partial(clean, apps.get_model("blog", "Post")))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
