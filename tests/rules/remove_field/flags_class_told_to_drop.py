from django.db import migrations


class Forget(migrations.RemoveField):
    def __init__(self, *args, drop=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.drop = drop

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if not self.drop:
            return
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if self.drop:
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        Forget("blog", "subtitle", drop=True),
    ]
