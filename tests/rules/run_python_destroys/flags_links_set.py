from django.db import migrations


def change(apps, schema_editor):
    for blog in list(apps.get_model("blog.Blog").objects.all()):
        blog.tags.set([])


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
