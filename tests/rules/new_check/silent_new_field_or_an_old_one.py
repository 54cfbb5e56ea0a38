from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "stars", models.IntegerField(null=True)),
        migrations.AddConstraint("blog", models.CheckConstraint(condition=models.Q(("stars__isnull", True), ("views__gte", 0), _connector="OR"), name="known")),
    ]
