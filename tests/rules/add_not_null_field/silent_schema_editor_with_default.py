from django.db import migrations, models


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    field = models.IntegerField(db_default=1)
    field.set_attributes_from_name("stars")
    field.model = Blog
    schema_editor.add_field(Blog, field)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
