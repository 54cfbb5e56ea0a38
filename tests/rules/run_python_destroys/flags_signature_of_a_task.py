from django.db import migrations


def wipe(name):
    from blog.models import Blog

    Blog.objects.filter(title=name).delete()


def change(apps, schema_editor):
    wipe.s("x").apply_async()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
