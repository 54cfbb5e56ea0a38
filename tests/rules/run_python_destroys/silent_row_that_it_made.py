from django.db import migrations


def change(apps, schema_editor):
    blog = apps.get_model("blog", "Blog").objects.create(title="probe")
    blog.delete()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
