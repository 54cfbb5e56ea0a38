# both: blog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.CreateModel("Post", [("id", models.BigAutoField(primary_key=True))]),
    ]


# both: staff/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.CreateModel("Editor", [("id", models.BigAutoField(primary_key=True))]),
    ]


# file: blog/migrations/0002_count.py
from django.db import migrations, models


def rows(apps, name):
    return apps.get_model(f"staff.{name}").objects


def count(apps, schema_editor):
    print(rows(apps, "Editor").count())


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
    operations = [
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
