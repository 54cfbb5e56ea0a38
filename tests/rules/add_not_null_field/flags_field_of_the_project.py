from django.db import migrations
from blog.fields import ColorField


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "color", ColorField(default="red")),
    ]
