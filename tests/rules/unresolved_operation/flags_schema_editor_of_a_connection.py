from django.db import connection, migrations

FIELDS = {}


def change(apps, schema_editor):
    connection.schema_editor().add_field(FIELDS, FIELDS.popitem()[1])


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
