from django.db import migrations


def change(apps, schema_editor):
    values = {"title": ""}
    apps.get_model("blog", "Blog").objects.filter(views=0).update(**values)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
