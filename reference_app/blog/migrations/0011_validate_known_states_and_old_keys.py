from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):

    # Without a lock that holds up writes, however many rows there are.
    atomic = False

    dependencies = [
        ("blog", "0010_known_states_and_old_keys"),
    ]

    operations = [
        ValidateConstraint(model_name="blog", name="blog_state_is_known"),
        ValidateConstraint(model_name="dailypublications", name="blog_no_day_is_overfull"),
        AddIndexConcurrently(
            model_name="idempotencykey",
            index=models.Index(fields=["created_at"], name="blog_keys_by_age"),
        ),
    ]
