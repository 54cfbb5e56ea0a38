from django.db import migrations, models


MODEL = input()


def change(apps, schema_editor):
    schema_editor.add_index(apps.get_model("blog", MODEL), models.Index(fields=["title"], name="by_title"))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
