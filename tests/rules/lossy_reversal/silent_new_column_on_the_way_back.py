from django.db import migrations, models


def back(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.update(teaser="")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "teaser", models.TextField(null=True)),
        migrations.RunPython(migrations.RunPython.noop, back),
    ]
