from django.db import migrations, models


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    for blog in Blog.objects.all():
        blog.code = blog.title
        blog.save()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "code", models.TextField(null=True)),
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
