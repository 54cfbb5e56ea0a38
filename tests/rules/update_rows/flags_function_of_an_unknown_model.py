from django.db import migrations


def forwards(apps, schema_editor):
    apps.get_model("shop", "Item")._default_manager.using("default").update(size=1)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
