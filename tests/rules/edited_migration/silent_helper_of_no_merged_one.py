# base: blog/migrations/0001_initial.py
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.AddField("post", "slug", None)]


# base: blog/migrations/_fields.py
from django.db import models


def slug():
    return models.SlugField()


# file: blog/migrations/0001_initial.py
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.AddField("post", "slug", None)]


# file: blog/migrations/_fields.py
from django.db import models


def slug():
    return models.SlugField(max_length=80)
