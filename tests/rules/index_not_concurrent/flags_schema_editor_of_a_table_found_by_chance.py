from django.db import migrations, models


import random


def change(apps, schema_editor):
    model = random.choice(apps.get_models())
    schema_editor.add_index(model, models.Index(fields=["title"], name="by_title"))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
