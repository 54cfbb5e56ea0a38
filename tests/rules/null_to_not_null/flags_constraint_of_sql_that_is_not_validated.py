from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE blog_blog ADD CONSTRAINT given CHECK (subtitle IS NOT NULL) NOT VALID",
            "ALTER TABLE blog_blog DROP CONSTRAINT given",
            state_operations=[
                migrations.AddConstraint("blog", models.CheckConstraint(condition=models.Q(subtitle__isnull=False), name="given"))
            ],
        ),
    ]


# --- new
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.AlterField("blog", "subtitle", models.CharField(max_length=200)),
    ]
