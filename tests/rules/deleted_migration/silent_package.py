# path: blog/migrations/__init__.py
# change: D
from django.db import migrations


class Migration(migrations.Migration):
    operations = []
