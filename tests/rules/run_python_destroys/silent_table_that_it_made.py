from django.db import migrations


def change(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("CREATE TABLE scratch (id int)")
        cursor.execute("DELETE FROM scratch")
        cursor.execute("ALTER TABLE scratch RENAME TO other")
        cursor.execute("ALTER TABLE other ALTER COLUMN id SET NOT NULL")
        cursor.execute("DROP TABLE other")
        cursor.execute("CREATE TEMP TABLE picked (id int)")
        cursor.execute("TRUNCATE picked")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
