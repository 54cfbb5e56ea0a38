from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("blog", "0001_initial")]

    operations = [
        AddIndexConcurrently("blog", models.Index(fields=["title"], name="title_idx")),
    ]
