from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="blog",
            name="stars",
            field=models.IntegerField(db_default=0),
        ),
    ]
