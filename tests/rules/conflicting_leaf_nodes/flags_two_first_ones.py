# both: blog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = []


# file: blog/migrations/0001_other.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = []
