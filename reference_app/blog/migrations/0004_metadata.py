import blog.validators
import django.db.models.deletion
import django.db.models.lookups
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("blog", "0003_validate_archive_and_schedule"),
    ]

    operations = [
        migrations.AddField(
            model_name="blog",
            name="metadata",
            field=models.JSONField(
                blank=True,
                db_default={},
                default=dict,
                validators=[blog.validators.validate_metadata],
            ),
        ),
        migrations.AlterField(
            model_name="blogtag",
            name="tag",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="blog.tag"),
        ),
        AddConstraintNotValid(
            model_name="blog",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    models.Func(
                        models.F("metadata"),
                        function="jsonb_typeof",
                        output_field=models.TextField(),
                    ),
                    models.Value("object"),
                ),
                name="blog_metadata_is_an_object",
            ),
        ),
    ]
