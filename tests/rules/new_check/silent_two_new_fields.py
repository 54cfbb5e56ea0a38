from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "stars", models.IntegerField(null=True)),
        migrations.AddField("blog", "most", models.IntegerField(db_default=3)),
        migrations.AddConstraint("blog", models.CheckConstraint(condition=models.Q(stars__lte=models.F("most") + 1) & models.Q(most__gte=models.F("stars")), name="known")),
    ]
