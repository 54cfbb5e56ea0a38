from django.db import migrations


def forwards(apps, schema_editor):
    for blog in apps.get_model("blog", "Blog").objects.all():
        blog.status = "open"
        blog.save()


def back(apps, schema_editor):
    for blog in apps.get_model("blog", "Blog").objects.all():
        if blog.status == "open":
            blog.views = 1
            blog.save()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, back),
    ]
