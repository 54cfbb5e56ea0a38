from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("post", "second", models.ForeignKey("blog.Blog", models.CASCADE, null=True)),
    ]
