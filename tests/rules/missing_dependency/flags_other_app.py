# both: blog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = []


# file: news/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_post")]
    operations = []
