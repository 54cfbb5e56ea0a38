from django.db import migrations


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    Blog.objects.update_or_create(pk=1, defaults={"body": ""})
    Blog.objects.update_or_create(title="News")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
