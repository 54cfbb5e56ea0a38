from django.db import migrations


def forwards(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    for pk in list(Blog.objects.values_list("pk", flat=True)):
        Blog(pk=pk, title="").save()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
