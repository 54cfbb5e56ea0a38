from django.db import migrations, transaction


def look():
    return 1


def change(apps, schema_editor):
    transaction.on_commit(look, using="default")
    transaction.on_commit(lambda: look())
    sorted([1], key=str)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
