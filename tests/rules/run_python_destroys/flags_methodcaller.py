from django.db import migrations
from operator import methodcaller


def change(apps, schema_editor):
    methodcaller("delete")(apps.get_model("blog", "Blog").objects.all())


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
