from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("blog", "0009_field_permissions"),
    ]

    operations = [
        AddConstraintNotValid(
            model_name="blog",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "submitted", "reviewed", "published", "archived"])
                ),
                name="blog_state_is_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="dailypublications",
            constraint=models.CheckConstraint(
                condition=models.Q(("count__lte", 10)), name="blog_no_day_is_overfull"
            ),
        ),
    ]
