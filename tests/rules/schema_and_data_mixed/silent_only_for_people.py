from django.db import migrations, models


def fill(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    for blog in Blog.objects.all():
        blog.save()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="blog",
            name="title",
            field=models.CharField(help_text="Shown on top", max_length=200),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
