from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):

    # Without a lock that holds up writes, however many rows there are.
    atomic = False

    dependencies = [
        ("blog", "0007_continues"),
    ]

    operations = [
        ValidateConstraint(model_name="blog", name="blog_continues_an_earlier_one"),
        AddIndexConcurrently(
            model_name="blog",
            index=models.Index(
                condition=models.Q(("continues__isnull", False)),
                fields=["continues"],
                name="blog_continued",
            ),
        ),
    ]
