from django.db import migrations, models


class Note(models.Model):
    text = models.TextField()


def change(apps, schema_editor):
    Note = apps.get_model("blog", "Note")
    schema_editor.create_model(Note)
    schema_editor.add_index(Note, models.Index(fields=["text"], name="by_text"))
    field = models.IntegerField()
    field.set_attributes_from_name("stars")
    schema_editor.add_field(Note, field)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
