from django.db import migrations


def forwards(apps, schema_editor):
    for blog in apps.get_model("blog", "Blog").objects.all():
        blog.subtitle = blog.body.lower()
        blog.save()


def back(apps, schema_editor):
    for blog in apps.get_model("blog", "Blog").objects.all():
        blog.body = blog.subtitle
        blog.save()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, back),
    ]
