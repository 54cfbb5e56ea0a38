from django.db import migrations, models


def forwards(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(subtitle="-")


def back(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(rank=0)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "rank", models.IntegerField(null=True)),
        migrations.RunPython(forwards, back),
    ]
