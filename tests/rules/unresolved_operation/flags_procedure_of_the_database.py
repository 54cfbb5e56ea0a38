from django.db import migrations


def change(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.callproc("clean_up")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
