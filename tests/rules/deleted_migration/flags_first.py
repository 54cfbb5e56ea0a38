# path: blog/migrations/0001_initial.py
# change: D
from django.db import migrations


class Migration(migrations.Migration):
    operations = []
