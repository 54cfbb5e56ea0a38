from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "stars", models.IntegerField(db_default=3)),
        migrations.AddConstraint("blog", models.CheckConstraint(condition=models.Q(stars__lt=models.F("views")), name="known")),
    ]
