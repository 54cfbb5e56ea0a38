from django.db import migrations, models


def found(apps, name):
    return apps.get_app_config("blog").get_model(name)


def change(apps, schema_editor):
    schema_editor.alter_index_together(found(apps, "Post"), set(), {("title", "seen")})


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
