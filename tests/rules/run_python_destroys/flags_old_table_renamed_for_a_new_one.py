from functools import partial

from django.db import migrations, models


def move(apps, schema_editor, *, old, new):
    schema_editor.alter_db_table(apps.get_model("blog", "Season"), old, new)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(
            partial(move, old="labels", new="labels_old"), migrations.RunPython.noop
        ),
        migrations.CreateModel("Season", [("id", models.BigAutoField(primary_key=True))],
            options={"db_table": "labels"},
        ),
    ]
