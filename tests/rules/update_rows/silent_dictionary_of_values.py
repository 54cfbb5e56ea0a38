from django.db import migrations


def forwards(apps, schema_editor):
    for row in apps.get_model("blog", "Blog").objects.values("title").iterator():
        row.update(title="")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
