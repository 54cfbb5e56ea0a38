from django.db import migrations, models


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    names = {}
    for blog in Blog.objects.all():
        names[blog.pk] = "x"
        if not blog.title and blog.pk:
            blog.title = "untitled"
            blog.save()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
