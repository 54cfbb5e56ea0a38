from django.db import migrations


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    blogs = list(Blog.objects.all())
    for blog in blogs:
        blog.title = ''
    Blog.objects.bulk_update(blogs, fields=["title", "views"])


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
