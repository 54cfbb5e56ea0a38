from django.db import migrations


def change(apps, schema_editor):
    for blog in apps.get_model("blog", "Blog").objects.all():
        for name in schema_editor.names:
            setattr(blog, name, "")
        blog.save(update_fields=["title"])


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
