from django.db import migrations, models


def change(apps, schema_editor):
    Post = apps.get_model("blog", "Post")
    schema_editor.alter_unique_together(Post, {("blog", "number")}, {("blog", "number", "title")})


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
