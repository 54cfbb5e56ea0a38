from django.db import migrations
from blog.fields import NumberField


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterField("blog", "title", NumberField()),
    ]
