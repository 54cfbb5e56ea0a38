from django.db import migrations
from django.utils.module_loading import import_string

NAME = open("name").read()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(import_string("other.package.run"), migrations.RunPython.noop),
        migrations.RunPython(import_string(NAME), migrations.RunPython.noop),
    ]
