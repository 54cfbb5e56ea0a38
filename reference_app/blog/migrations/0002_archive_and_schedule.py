import django.db.models.deletion
import django_fsm
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("author", "0001_initial"),
        ("blog", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DailyPublications",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("day", models.DateField()),
                ("count", models.PositiveSmallIntegerField(default=0)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="author.author",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="blog",
            name="publish_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="blog",
            name="state",
            field=django_fsm.FSMField(
                choices=[
                    ("draft", "Draft"),
                    ("submitted", "Submitted"),
                    ("reviewed", "Reviewed"),
                    ("published", "Published"),
                    ("archived", "Archived"),
                ],
                default="draft",
                max_length=50,
                protected=True,
            ),
        ),
        # Rows of the last release satisfy it, too: they are never archived.
        AddConstraintNotValid(
            model_name="blog",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("published_at__isnull", False), ("state__in", ["published", "archived"])
                    ),
                    models.Q(
                        models.Q(("state__in", ["published", "archived"]), _negated=True),
                        ("published_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="blog_has_time_once_published",
            ),
        ),
        # Code of the last release knows no schedule: where it withdraws a scheduled blog, this
        # refuses, and so keeps the blog from being published once it is reviewed again.
        AddConstraintNotValid(
            model_name="blog",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("publish_at__isnull", True), ("state", "reviewed"), _connector="OR"
                ),
                name="blog_scheduled_is_reviewed",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="blog",
            name="blog_published_has_a_time",
        ),
        migrations.AddConstraint(
            model_name="dailypublications",
            constraint=models.UniqueConstraint(
                fields=("author", "day"), name="blog_one_count_a_day"
            ),
        ),
    ]
