from django.db import migrations
from blog.names import TABLE


def change(apps, schema_editor):
    schema_editor.execute(f"CREATE TABLE {TABLE} (id int)")
    schema_editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
