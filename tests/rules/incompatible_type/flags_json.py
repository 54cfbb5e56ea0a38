from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="blog",
            name="body",
            field=models.JSONField(default=dict),
        ),
    ]
