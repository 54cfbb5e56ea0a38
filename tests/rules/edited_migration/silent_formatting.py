# base: blog/migrations/0001_initial.py
from django.db import models
from django.db import migrations
from datetime import date


class Migration(migrations.Migration):
    """What was."""
    dependencies = [("auth", "0001_initial"), ("sites", "0001_initial")]
    # All of it.
    operations = [migrations.AddField('post', u'slug', models.SlugField())]


# file: blog/migrations/0001_initial.py
"""Brings slugs."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sites", "0001_initial"), ("auth", "0001_initial")]

    operations: ClassVar[list] = [
        migrations.AddField(
            "post",
            "slug",
            models.SlugField(),
        ),
    ]
