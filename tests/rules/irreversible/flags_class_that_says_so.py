from django.db.migrations.operations.base import Operation
from django.db import migrations


class Describe(Operation):
    reversible = False

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        schema_editor.execute("COMMENT ON TABLE blog_post IS 'x'")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        pass


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        Describe(),
    ]
