from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="blog",
            name="code",
            field=models.CharField(max_length=9, null=True, unique=True),
        ),
    ]
