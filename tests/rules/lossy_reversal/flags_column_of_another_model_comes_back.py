from django.db import migrations, models


def back(apps, schema_editor):
    apps.get_model("blog", "Tag").objects.update(number=1)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, back),
        migrations.RemoveField("post", "number"),
    ]
