from django.db import migrations, models


FIELDS = {}


def change(apps, schema_editor):
    schema_editor.add_field(apps.get_model("blog", "Blog"), FIELDS.popitem()[1])


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
