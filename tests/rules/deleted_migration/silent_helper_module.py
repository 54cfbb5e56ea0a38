# path: blog/migrations/helpers.py
# change: D
from django.db import migrations


class Migration(migrations.Migration):
    operations = []
