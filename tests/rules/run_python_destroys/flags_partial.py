from functools import partial

from django.db import migrations


def wipe(apps, schema_editor, *, name):
    apps.get_model("blog", name).objects.all().delete()


class Migration(migrations.Migration):
    operations = [migrations.RunPython(partial(wipe, name="Comment"))]
