from django.db import migrations


def forwards(apps, schema_editor):
    schema_editor.deferred_sql.append("COMMENT ON TABLE blog_blog IS 'DROP TABLE'")
    kept = []
    kept.append("DROP TABLE blog_blog")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
