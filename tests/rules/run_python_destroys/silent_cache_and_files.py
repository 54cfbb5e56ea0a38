from django.core.cache import cache
from django.db import migrations


def forwards(apps, schema_editor):
    cache.delete("front-page")
    for post in apps.get_model("blog", "Post").objects.all():
        post.thumbnail.delete(save=False)


class Migration(migrations.Migration):
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
