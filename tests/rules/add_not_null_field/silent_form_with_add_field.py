from django.db import migrations, models


def change(apps, schema_editor):
    form = schema_editor.connection.forms.first()
    form.add_field("stars", models.IntegerField())


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
