from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("post", "code", models.IntegerField(null=True)),
        migrations.AlterField("blog", "slug", models.SlugField(max_length=80, unique=True)),
    ]
