from django.db import migrations, models
from django.db.models.lookups import GreaterThan


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "stars", models.IntegerField(null=True)),
        migrations.AddConstraint("blog", models.CheckConstraint(condition=GreaterThan(models.F("stars"), 0), name="known")),
    ]
