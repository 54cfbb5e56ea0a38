from django.db import migrations


def back(apps, schema_editor):
    schema_editor.execute('DROP TABLE "blog_post"')


def change(apps, schema_editor):
    schema_editor.execute("CREATE TABLE blog_archive (LIKE blog_post)")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, back),
    ]
