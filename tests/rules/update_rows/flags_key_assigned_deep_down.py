from django.db import migrations


def change(apps, schema_editor):
    for blog in apps.get_model("blog", "Blog").objects.all():
        if "draft" in blog.body:
            blog.body["draft"]["title"] = ""
        blog.save()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
