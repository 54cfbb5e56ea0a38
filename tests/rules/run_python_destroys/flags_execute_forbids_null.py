from django.db import migrations


def forwards(apps, schema_editor):
    schema_editor.execute("ALTER TABLE blog_blog ALTER COLUMN subtitle SET NOT NULL")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
