from django.db import migrations, models


NAMES = [20, 30]


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "motto", models.CharField(max_length=max(NAMES), null=True)),
    ]
