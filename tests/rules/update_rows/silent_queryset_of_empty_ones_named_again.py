from django.db import migrations


def change(apps, schema_editor):
    blogs = apps.get_model("blog", "Blog").objects
    blogs = blogs.filter(subtitle=None)
    blogs = blogs.order_by("pk")
    blogs.update(subtitle="")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
