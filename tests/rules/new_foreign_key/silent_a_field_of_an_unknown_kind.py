from django.db import migrations, models
from shop import keys



class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterField("post", "blog", keys.OwnKey("blog.Blog")),
    ]
