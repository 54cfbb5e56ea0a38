from django.db import migrations


def change(apps, schema_editor):
    for blog in apps.get_model("blog", "Blog").objects.all():
        if "draft" not in blog.body:
            blog.body["draft"] = ""
        del blog.cached
        blog.save()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
