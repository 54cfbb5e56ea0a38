from django.db import migrations, models


def fill(apps, schema_editor):
    schema_editor.execute("UPDATE blog_blog SET note = '' WHERE note IS NULL")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="blog",
            name="note",
            field=models.TextField(null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
