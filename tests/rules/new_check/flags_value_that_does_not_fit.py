from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "stars", models.IntegerField(db_default=models.Value(3))),
        migrations.AddConstraint("blog", models.CheckConstraint(condition=models.Q(stars__lt=3), name="known")),
    ]
