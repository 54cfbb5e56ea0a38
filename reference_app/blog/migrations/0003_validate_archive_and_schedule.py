from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):

    # Without a lock that holds up writes, however many rows there are.
    atomic = False

    dependencies = [
        ("blog", "0002_archive_and_schedule"),
    ]

    operations = [
        ValidateConstraint(model_name="blog", name="blog_has_time_once_published"),
        ValidateConstraint(model_name="blog", name="blog_scheduled_is_reviewed"),
        AddIndexConcurrently(
            model_name="blog",
            index=models.Index(
                condition=models.Q(("publish_at__isnull", False)),
                fields=["publish_at"],
                name="blog_scheduled",
            ),
        ),
    ]
