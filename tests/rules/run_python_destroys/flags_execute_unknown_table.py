from django.db import migrations


def forwards(apps, schema_editor):
    table = apps.get_model("blog", "Comment")._meta.db_table
    schema_editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
