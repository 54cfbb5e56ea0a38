from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="blog",
            name="tags",
            field=models.ManyToManyField("blog.Tag", blank=True, related_name="blogs"),
        ),
    ]
