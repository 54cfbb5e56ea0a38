from django.db import migrations


def change(apps, schema_editor):
    for column in ("title", "views"):
        schema_editor.execute(f"CREATE INDEX CONCURRENTLY blog_{column} ON blog_blog ({column})")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
