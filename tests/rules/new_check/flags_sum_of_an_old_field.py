from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "most", models.IntegerField(db_default=3)),
        migrations.AddConstraint("blog", models.CheckConstraint(condition=models.Q(most__lte=models.F("views") + 1), name="known")),
    ]
