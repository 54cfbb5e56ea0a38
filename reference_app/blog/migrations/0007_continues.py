import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("blog", "0006_idempotency_key"),
    ]

    operations = [
        migrations.AddField(
            model_name="blog",
            name="continues",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="continued_by",
                to="blog.blog",
            ),
        ),
        AddConstraintNotValid(
            model_name="blog",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("continues__isnull", True), ("continues__lt", models.F("id")), _connector="OR"
                ),
                name="blog_continues_an_earlier_one",
            ),
        ),
    ]
