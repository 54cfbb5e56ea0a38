from django.db import migrations


def forwards(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    for row in Blog.objects.values("title"):
        Blog.objects.filter(title=row["title"]).update(title="")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
