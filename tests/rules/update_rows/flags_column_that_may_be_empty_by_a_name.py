from django.db import migrations
from elsewhere import chosen

NAME = "subtitle"


def forwards(apps, schema_editor):
    empty = {f"{NAME}__isnull": True} if chosen else {"slug": "a"}
    Blog = apps.get_model("blog", "Blog")
    Blog.objects.filter(**empty).update(**{NAME: "-"})


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
