from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        AddConstraintNotValid("blog", models.CheckConstraint(condition=models.Q(views__gte=0), name="views_positive")),
    ]
