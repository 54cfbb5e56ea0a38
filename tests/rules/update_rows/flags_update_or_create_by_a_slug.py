from django.db import migrations

def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    Blog.objects.update_or_create(slug="news", defaults={"body": ""})

class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
