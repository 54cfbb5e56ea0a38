from django.db.migrations.operations.base import Operation
from django.db import migrations


class Describe(Operation):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        schema_editor.execute("COMMENT ON TABLE blog_post IS 'x'")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        Describe(),
    ]
