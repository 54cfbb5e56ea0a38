from django.db import migrations


def forwards(apps, schema_editor):
    for blog in apps.get_model("blog", "Blog").objects.all():
        keys = set(blog.tags.values_list("pk", flat=True))
        keys.discard(None)
        keys.clear()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
