from django.db import migrations, models
from blog.models import Blog


def change(apps, schema_editor):
    Blog.objects.using("default").all().update(title="")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
