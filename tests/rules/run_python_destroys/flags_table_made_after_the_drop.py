from django.db import migrations


def change(apps, schema_editor):
    schema_editor.execute("DROP TABLE blog_post")
    schema_editor.execute("CREATE TABLE blog_post (id int)")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
