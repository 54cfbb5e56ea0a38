from django.db import migrations, models


def forwards(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    Blog.objects.update(note=models.F("title"))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "note", models.TextField(null=True)),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
