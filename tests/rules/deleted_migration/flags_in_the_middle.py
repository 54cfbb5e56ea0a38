# path: blog/migrations/0002_post_subtitle.py
# change: D
from django.db import migrations


class Migration(migrations.Migration):
    operations = []
