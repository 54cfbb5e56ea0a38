from django.db import migrations


class MakeView(migrations.RunSQL):
    reversible = True

    def __init__(self, name, query):
        self.name = name
        super().__init__(f"CREATE VIEW {name} AS {query}")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        schema_editor.execute(f"DROP VIEW {schema_editor.quote_name(self.name)}")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [MakeView("blog_totals", "SELECT count(*) FROM blog_post")]
