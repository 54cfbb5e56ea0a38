from django.db import migrations, models


def found(apps, name):
    return apps.get_model(f"blog.{name}")


def change(apps, schema_editor):
    schema_editor.create_model(found(apps, "Note"))
    schema_editor.add_index(found(apps, "Note"), models.Index(fields=["text"], name="by_text"))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.CreateModel("Note", [("text", models.TextField())])],
        ),
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
