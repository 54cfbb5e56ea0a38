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
        migrations.CreateModel("Writer", [("id", models.BigAutoField(primary_key=True))]),
    ]


# both: staff/migrations/0002_editor.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial")]
    operations = [
        migrations.RenameModel("Writer", "Editor"),
    ]


# file: blog/migrations/0002_count.py
from django.db import migrations, models


def count(apps, schema_editor):
    print(apps.get_model("staff", "Editor").objects.count())


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial"), ("staff", "0002_editor")]
    operations = [
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
