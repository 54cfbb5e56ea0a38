from django.db import migrations, models


def change(apps, schema_editor):
    values = {"mood": ""}
    apps.get_model("blog", "Blog").objects.update(**values)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "mood", models.TextField(null=True)),
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
