from django.db import migrations
from blog.fields import ShortField


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterField("blog", "title", ShortField(max_length=10)),
    ]
