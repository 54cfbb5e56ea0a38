from django.db import migrations


def forwards(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    Blog(pk=1, title="").save()
    Blog(title="").save()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
