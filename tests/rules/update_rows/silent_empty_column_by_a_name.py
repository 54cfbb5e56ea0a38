from django.db import migrations

NAME = "subtitle"


def forwards(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    Blog.objects.filter(**{f"{NAME}__isnull": True}).update(**{NAME: "-"})


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
