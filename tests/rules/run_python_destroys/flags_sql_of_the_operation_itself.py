from django.db import migrations
from django.db.migrations.operations.base import Operation


class Sql(Operation):
    def __init__(self, text):
        self.text = text

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        self.run(schema_editor)

    def run(self, schema_editor):
        schema_editor.execute(self.text)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        Sql("DROP TABLE blog_post"),
    ]
