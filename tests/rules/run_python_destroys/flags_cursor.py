from django.db import migrations


def forwards(apps, schema_editor):
    statement = "truncate blog_comment"
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(statement)


class Migration(migrations.Migration):
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
