from django.db import connection, migrations


def forwards(apps, schema_editor):
    with connection.cursor() as cursor, open("changes.sql") as file:
        cursor.execute(file.read())


class Migration(migrations.Migration):
    operations = [migrations.RunPython(forwards)]
