from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "stars", models.PositiveSmallIntegerField(null=True)),
        migrations.AddConstraint("blog", models.CheckConstraint(condition=models.Q(stars__lte=5), name="few_stars")),
    ]
