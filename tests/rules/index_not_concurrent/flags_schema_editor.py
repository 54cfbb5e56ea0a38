from django.db import migrations, models


def change(apps, schema_editor):
    index = models.Index(fields=["title"], name="by_title")
    schema_editor.add_index(model=apps.get_model("blog", "Blog"), index=index)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
