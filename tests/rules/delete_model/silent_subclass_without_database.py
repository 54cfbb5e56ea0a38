from django.db import migrations


class ForgetModel(migrations.DeleteModel):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        """Leave the table where it is."""

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        """Leave the table where it is."""


class Migration(migrations.Migration):
    operations = [ForgetModel("Comment")]
