# both: blog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.CreateModel("Post", [("id", models.BigAutoField(primary_key=True))]),
    ]


# file: blog/migrations/0002_count.py
from django.db import migrations, models


def count(apps, schema_editor):
    print(apps.get_model("auth", "Group").objects.count())


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
    operations = [
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
