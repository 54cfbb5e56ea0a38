from django.db import migrations


def forwards(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    Blog.objects.filter(subtitle=None).update(subtitle="")
    {}.update(title=1)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
