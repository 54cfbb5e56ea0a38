from django.db import migrations, models


def change(apps, schema_editor):
    def is_old(blog):
        blog.seen = True
        return blog.created

    Blog = apps.get_model("blog", "Blog")
    for blog in Blog.objects.all():
        if is_old(blog):
            blog.title = "old"
            blog.save()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
