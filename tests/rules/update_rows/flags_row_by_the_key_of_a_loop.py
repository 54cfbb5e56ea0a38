from django.db import migrations


def shorten(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    for pk, title in Blog.objects.values_list("pk", "title"):
        Blog.objects.filter(pk=pk).update(title=title[:20])


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(shorten, migrations.RunPython.noop),
    ]
