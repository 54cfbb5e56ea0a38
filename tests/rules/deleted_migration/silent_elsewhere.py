# path: blog/fixtures/0002_posts.py
# change: D
from django.db import migrations


class Migration(migrations.Migration):
    operations = []
