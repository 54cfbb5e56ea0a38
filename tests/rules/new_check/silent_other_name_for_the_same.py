from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        AddConstraintNotValid("blog", models.CheckConstraint(condition=models.Q(views__gte=-1), name="old_name")),
    ]


# --- new
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RemoveConstraint("blog", "old_name"),
        migrations.AddConstraint("blog", models.CheckConstraint(condition=models.Q(views__gte=-1), name="new_name")),
    ]
