from django.db import migrations, models


def forwards(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(subtitle="-")


def back(apps, schema_editor):
    apps.get_model("blog", "Fresh").objects.update(body="")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.CreateModel("Fresh", [("body", models.TextField())]),
        migrations.RunPython(forwards, back),
    ]
