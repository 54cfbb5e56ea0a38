from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterField("post", "blog", models.ForeignKey("blog.Blog", models.PROTECT)),
    ]
