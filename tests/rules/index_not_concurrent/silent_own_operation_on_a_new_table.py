from django.db import migrations, models


class Quietly(migrations.AddIndex):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        schema_editor.add_index(model, self.index)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.CreateModel("Note", [("text", models.TextField())]),
        Quietly("note", models.Index(fields=["text"], name="by_text")),
    ]
