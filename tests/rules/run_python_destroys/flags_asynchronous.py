from django.db import migrations
from asgiref.sync import async_to_sync


async def wipe(model):
    await model.objects.all().adelete()


def change(apps, schema_editor):
    async_to_sync(wipe)(apps.get_model("blog", "Blog"))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
