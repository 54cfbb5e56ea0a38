from django.db import migrations


class RemoveFieldState(migrations.RemoveField):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        pass

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        pass


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [RemoveFieldState("blog", "title")]
