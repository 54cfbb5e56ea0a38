from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddConstraint("blog", models.CheckConstraint(condition=models.Q(status__in=["draft", "live"]), name="known")),
    ]


# --- new
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RemoveConstraint("blog", "known"),
        migrations.AddConstraint("blog", models.CheckConstraint(condition=models.Q(status__in=["draft", "live", "old"]), name="known")),
    ]
