from django.db import migrations


def empty(apps, schema_editor):
    schema_editor.execute("DROP TABLE blog_post")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, empty),
    ]
