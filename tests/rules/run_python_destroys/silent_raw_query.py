from django.db import migrations


def change(apps, schema_editor):
    list(apps.get_model("blog", "Blog").objects.raw("SELECT * FROM blog_blog"))
    schema_editor.parser.raw("DELETE FROM blog_blog")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
