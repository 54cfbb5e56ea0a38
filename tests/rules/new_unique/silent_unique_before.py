from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterField("blog", "slug", models.SlugField(max_length=80, unique=True)),
        migrations.AlterUniqueTogether("blog", [("slug", "title")]),
    ]
