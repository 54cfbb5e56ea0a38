# base: blog/migrations/0001_initial.py
from django.db import migrations, models

LENGTH = 80


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.AddField("post", "slug", models.SlugField(max_length=LENGTH))]


# file: blog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.AddField("post", "slug", models.SlugField(max_length=80))]
