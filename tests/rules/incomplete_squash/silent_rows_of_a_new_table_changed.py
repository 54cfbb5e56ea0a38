# both: blog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.CreateModel("Post", [("id", models.BigAutoField(primary_key=True))]),
    ]


# both: blog/migrations/0002_slug.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Tag", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]
        ),
    ]


# both: blog/migrations/0003_more.py
from django.db import migrations, models


def fill(apps, schema_editor):
    apps.get_model("blog", "Tag").objects.update(name="x")


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_slug")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]


# file: blog/migrations/0002_squashed_0003_more.py
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("blog", "0002_slug"), ("blog", "0003_more")]
    dependencies = [("blog", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Tag", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]
        ),
    ]
