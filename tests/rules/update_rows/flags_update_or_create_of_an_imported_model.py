from django.db import migrations

from blog.models import Blog


def change(apps, schema_editor):
    Blog.objects.update_or_create(title="News", defaults={"body": ""})


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
