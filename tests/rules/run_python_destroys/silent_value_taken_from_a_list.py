from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "words", ArrayField(models.TextField(), db_default=[])),
    ]


# --- new
from django.db import migrations


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    for blog in Blog.objects.all():
        blog.words.remove("draft")
        blog.save()


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
