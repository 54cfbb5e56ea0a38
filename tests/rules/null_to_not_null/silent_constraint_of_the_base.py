from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        AddConstraintNotValid("blog", models.CheckConstraint(condition=models.Q(subtitle__isnull=False) & models.Q(title__gt=""), name="given")),
        ValidateConstraint("blog", "given"),
    ]


# --- new
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.AlterField(
            model_name="blog",
            name="subtitle",
            field=models.CharField(max_length=200),
        ),
    ]
