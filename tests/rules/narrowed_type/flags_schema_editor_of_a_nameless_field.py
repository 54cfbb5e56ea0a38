from django.db import migrations, models


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    new = models.CharField(max_length=5)
    new.clean("motto", Blog)
    schema_editor.alter_field(Blog, Blog._meta.get_field("title"), new)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
