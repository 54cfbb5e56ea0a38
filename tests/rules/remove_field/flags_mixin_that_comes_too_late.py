from django.db import migrations


class StateOnly:
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        pass


class Forget(migrations.RemoveField, StateOnly):
    pass


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        Forget("blog", "subtitle"),
    ]
