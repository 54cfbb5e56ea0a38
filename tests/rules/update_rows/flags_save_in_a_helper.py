from django.db import migrations


def shorten(blog):
    blog.title = 'x'
    blog.save()


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    for blog in Blog.objects.filter(views=0):
        shorten(blog)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
