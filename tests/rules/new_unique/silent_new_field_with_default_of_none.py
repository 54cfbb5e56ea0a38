from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "badge", models.CharField(max_length=9, null=True, default=None, unique=True)),
    ]
