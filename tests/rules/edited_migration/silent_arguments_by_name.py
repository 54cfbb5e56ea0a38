# base: blog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.AddField("post", "score", models.DecimalField("Score", None, 5, 2)),
        migrations.RenameField("post", "title", "headline"),
    ]


# file: blog/migrations/0001_initial.py
from django.db import migrations
from django.db.models import DecimalField


class Migration(migrations.Migration):
    operations = (
        migrations.AddField(
            model_name="post",
            name="score",
            field=DecimalField(name=None, decimal_places=2, max_digits=5),
        ),
        migrations.RenameField(model_name="post", new_name="headline", old_name="title"),
    )
    dependencies = []
