from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="blog",
            name="price",
            field=models.DecimalField(decimal_places=2, max_digits=9, null=True),
        ),
    ]
