# base: blog/migrations/0001_initial.py
from django.db import migrations
class Migration(migrations.Migration):
    operations = []


# file: blog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = []
