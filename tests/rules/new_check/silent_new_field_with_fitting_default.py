from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "stars", models.IntegerField(default=3, db_default=3)),
        migrations.AddConstraint("blog", models.CheckConstraint(condition=models.Q(stars__isnull=False, stars__in=[1, 2, 3]), name="known")),
    ]
