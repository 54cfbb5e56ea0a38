from django.db import migrations
from elsewhere import told

NAME = "subtitle"


def forwards(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    Blog.objects.update(**{f"{told}x": "-"})


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
