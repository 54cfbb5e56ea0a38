from django.db import migrations


def forwards(apps, schema_editor):
    apps.get_model("blog", "Blog").objects.filter(subtitle=None).update(**given())


def back(apps, schema_editor):
    schema_editor.execute("UPDATE blog_blog SET body = ''")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, back),
    ]
