from django.db import migrations


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    first = Blog.objects.all()[0]
    first.tags.remove(1)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
