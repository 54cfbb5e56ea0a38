from django.db import migrations

KEYS = {"title": str.strip, "subtitle": str.casefold}


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    blogs = list(Blog.objects.all())
    for blog in blogs:
        for name, function in KEYS.items():
            setattr(blog, name, function(getattr(blog, name)))
    Blog.objects.bulk_update(blogs, [name for name in KEYS])


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
