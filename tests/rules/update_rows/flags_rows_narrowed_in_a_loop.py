from django.db import migrations, models


def change(apps, schema_editor):
    rows = apps.get_model("blog", "Blog").objects.all()
    for word in ("a", "b"):
        rows = rows.filter(title__contains=word)
    rows.update(title="")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
