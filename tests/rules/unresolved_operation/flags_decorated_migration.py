from django.db import migrations
from theirs import cleaned


@cleaned
class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = []
