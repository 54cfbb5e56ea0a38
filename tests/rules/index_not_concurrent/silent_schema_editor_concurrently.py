from django.db import migrations, models


def change(apps, schema_editor):
    Blog = apps.get_model("blog.Blog")
    schema_editor.add_index(Blog, models.Index(fields=["title"], name="by_title"), concurrently=True)
    schema_editor.remove_index(Blog, models.Index(fields=["body"], name="by_body"), concurrently=True)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
    atomic = False

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
