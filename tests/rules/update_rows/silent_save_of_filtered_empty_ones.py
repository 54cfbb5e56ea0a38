from django.db import migrations


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    for number, blog in enumerate(Blog.objects.filter(subtitle=None)):
        blog.subtitle = 'x'
        blog.save()
    blogs = Blog.objects.filter(subtitle__isnull=True)
    for blog in blogs:
        blog.subtitle = ''
    Blog.objects.bulk_update(blogs, ['subtitle'])
    blogs.update(subtitle='x')


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
