from django.db import connection, migrations, models


def fill(apps, schema_editor):
    with connection.cursor() as cursor:
        for pk, title in apps.get_model("blog", "Blog").objects.values_list("pk", "title"):
            cursor.execute("UPDATE blog_blog SET short = %s WHERE id = %s", [title[:10], pk])


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "short", models.CharField(max_length=10, null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
