from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterField(
            "blog", "views", models.IntegerField(default=0, db_column=settings.VIEWS)
        ),
    ]
