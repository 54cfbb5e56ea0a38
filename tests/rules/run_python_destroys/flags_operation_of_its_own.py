from django.db import migrations
from django.db.migrations.operations.base import Operation


class DropColumn(Operation):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        schema_editor.execute("ALTER TABLE blog_post DROP COLUMN subtitle")


class Migration(migrations.Migration):
    operations = [DropColumn()]
