from django.db import migrations, transaction


def change(apps, schema_editor):
    print(schema_editor.connection, len(schema_editor.deferred_sql))
    transaction.on_commit(transaction.atomic)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
