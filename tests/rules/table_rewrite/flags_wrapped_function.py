from django.db import migrations, models
from django.db.models.functions import Random, Round


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "chance", models.FloatField(db_default=Round(Random()))),
    ]
