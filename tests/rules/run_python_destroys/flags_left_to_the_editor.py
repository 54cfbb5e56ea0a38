from django.db import migrations


def forwards(apps, schema_editor):
    schema_editor.deferred_sql.append("ALTER TABLE blog_blog DROP COLUMN body")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
