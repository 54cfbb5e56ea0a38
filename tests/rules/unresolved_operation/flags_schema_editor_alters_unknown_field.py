from django.db import migrations, models


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    new = models.CharField(max_length=5)
    new.contribute_to_class(Blog, "motto")
    schema_editor.alter_field(Blog, Blog._meta.get_field("motto"), new)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
