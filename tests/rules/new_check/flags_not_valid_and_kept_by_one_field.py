from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterField("blog", "views", models.PositiveIntegerField(default=0)),
    ]


# --- new
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        AddConstraintNotValid("blog", models.CheckConstraint(condition=models.Q(views__gte=0, subtitle__isnull=False), name="kept")),
    ]
