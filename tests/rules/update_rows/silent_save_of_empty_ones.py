from django.db import migrations


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    for blog in Blog.objects.all():
        if not blog.title:
            blog.title = 'x'
        elif blog.subtitle is None and blog.views:
            blog.subtitle = ''
        else:
            blog.views: int = blog.views
            continue
        blog.save(update_fields=['title', 'subtitle'])


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
