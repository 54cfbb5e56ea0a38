from django.db import migrations, models


NAMES = [20, 30]


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterField("blog", "title", models.CharField(max_length=max(NAMES))),
    ]
