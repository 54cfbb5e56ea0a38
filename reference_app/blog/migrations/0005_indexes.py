import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):

    # Without a lock that holds up writes, however many rows there are.
    atomic = False

    dependencies = [
        ("blog", "0004_metadata"),
    ]

    operations = [
        ValidateConstraint(model_name="blog", name="blog_metadata_is_an_object"),
        AddIndexConcurrently(
            model_name="blog",
            index=models.Index(fields=["-created_at", "-id"], name="blog_newest"),
        ),
        AddIndexConcurrently(
            model_name="blog",
            index=models.Index(fields=["state", "-published_at"], name="blog_state_published"),
        ),
        AddIndexConcurrently(
            model_name="blog",
            index=models.Index(fields=["state", "title"], name="blog_state_title"),
        ),
        AddIndexConcurrently(
            model_name="blog",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector("title", "content", config="english"),
                name="blog_search",
            ),
        ),
        AddIndexConcurrently(
            model_name="comment",
            index=models.Index(fields=["blog", "created_at", "id"], name="blog_comments_in_order"),
        ),
    ]
