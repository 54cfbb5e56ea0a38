from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddConstraint("blog", models.UniqueConstraint(fields=["subtitle"], name="one")),
        AddConstraintNotValid("blog", models.CheckConstraint(condition=models.Q(("subtitle__isnull", False), ("views", 1), _connector="OR"), name="given")),
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
