from django.db import migrations, models


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    schema_editor.add_field(Blog, Blog._meta.get_field("stars"))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AddField("blog", "stars", models.IntegerField(default=1))],
        ),
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
