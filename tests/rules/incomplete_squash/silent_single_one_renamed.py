# base: blog/migrations/0001_auto.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = []


# file: blog/migrations/0001_initial.py
# was: blog/migrations/0001_auto.py
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("blog", "0001_auto")]
    dependencies = []
    operations = []
