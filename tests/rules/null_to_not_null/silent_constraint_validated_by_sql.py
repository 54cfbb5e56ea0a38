from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        AddConstraintNotValid("blog", models.CheckConstraint(condition=models.Q(subtitle__isnull=False), name="given")),
        migrations.RunSQL("ALTER TABLE blog_blog VALIDATE CONSTRAINT given", migrations.RunSQL.noop),
    ]


# --- new
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.AlterField("blog", "subtitle", models.CharField(max_length=200)),
    ]
