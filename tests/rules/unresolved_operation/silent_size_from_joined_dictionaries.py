from django.db import migrations, models

PLACES = dict(decimal_places=2)
MONEY = {"max_digits": 12} | PLACES | {**PLACES, "null": True}


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [migrations.AlterField("blog", "price", models.DecimalField(**MONEY))]
