# both: blog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.CreateModel("Post", [("id", models.BigAutoField(primary_key=True))]),
    ]


# file: blog/migrations/0002_author.py
from django.conf import settings
from django.db import migrations, models


def show(schema_editor, state):
    print(state.apps.get_model("blog.Post"))


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "post", "author", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True)
        ),
        migrations.RunPython(show, migrations.RunPython.noop),
    ]
