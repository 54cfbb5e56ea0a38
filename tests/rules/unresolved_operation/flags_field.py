from django.db import migrations
from blog.fields import make


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "note", make()),
    ]
