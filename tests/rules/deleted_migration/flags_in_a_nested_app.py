# path: apps/news/migrations/0010_auto_20200101_0000.py
# change: D
from django.db import migrations


class Migration(migrations.Migration):
    operations = []
