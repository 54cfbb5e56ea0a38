# base: blog/migrations/0001_initial.py
from django.db import migrations

from blog.migrations import _fields


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.AddField("post", "slug", _fields.slug())]


# base: blog/migrations/_fields.py
from django.db import models


def slug():
    return models.SlugField()


# file: blog/migrations/0001_initial.py
from django.db import migrations

from blog.migrations import _fields


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.AddField("post", "slug", _fields.slug())]


# file: blog/migrations/_fields.py
"""Fields of several migrations."""

from django.db import models


def slug():
    return models.SlugField(help_text="in the address")


def title():
    return models.TextField()
