from django.db import migrations
from sortedm2m.fields import SortedManyToManyField


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterField("blog", "tags", SortedManyToManyField("blog.Tag")),
    ]
