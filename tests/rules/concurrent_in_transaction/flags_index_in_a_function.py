from django.db import migrations


def change(apps, schema_editor):
    schema_editor.execute("CREATE INDEX CONCURRENTLY blog_title ON blog_blog (title)")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
