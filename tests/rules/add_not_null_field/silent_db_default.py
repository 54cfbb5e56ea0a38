from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="blog",
            name="language",
            field=models.CharField(db_default="en", max_length=10),
        ),
    ]
