# both: blog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = []


# file: blog/migrations/_base.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = []
