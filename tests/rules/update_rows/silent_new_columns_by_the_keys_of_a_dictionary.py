from django.db import migrations, models

KEYS = {"title": str.strip, "subtitle": str.casefold}


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    blogs = list(Blog.objects.all())
    for blog in blogs:
        for name, function in KEYS.items():
            setattr(blog, f"{name}_key", function(getattr(blog, name)))
    Blog.objects.bulk_update(blogs, [f"{name}_key" for name in KEYS])


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "title_key", models.TextField(null=True)),
        migrations.AddField("blog", "subtitle_key", models.TextField(null=True)),
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
