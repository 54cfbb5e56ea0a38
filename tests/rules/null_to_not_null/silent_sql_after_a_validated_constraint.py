from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        AddConstraintNotValid("blog", models.CheckConstraint(condition=models.Q(subtitle__isnull=False), name="given")),
        ValidateConstraint("blog", "given"),
    ]


# --- new
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_blog ALTER subtitle SET NOT NULL", "ALTER TABLE blog_blog ALTER subtitle DROP NOT NULL"),
    ]
