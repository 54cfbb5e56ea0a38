from django.db import connection, migrations


def empty(apps, schema_editor):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE blog_blog SET subtitle = NULL")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(empty, migrations.RunPython.noop),
    ]
