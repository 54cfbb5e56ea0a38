from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "language", models.CharField(default="en", max_length=10), preserve_default=False),
    ]
