from django.db import migrations, models


def empty(apps, schema_editor):
    apps.get_model("blog", "Note").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.CreateModel("Note", [("id", models.BigAutoField(primary_key=True))]),
        migrations.RunPython(migrations.RunPython.noop, empty),
    ]
