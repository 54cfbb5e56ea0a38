from django.db import migrations, models


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    schema_editor.alter_field(Blog, old_field=Blog._meta.get_field("title"), new_field=models.CharField(max_length=500))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
