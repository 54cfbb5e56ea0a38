from django.db import migrations, models


class Quietly(migrations.AddIndex):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        schema_editor.add_index(model, self.index)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        Quietly("post", models.Index(fields=["title"], name="by_title")),
    ]
