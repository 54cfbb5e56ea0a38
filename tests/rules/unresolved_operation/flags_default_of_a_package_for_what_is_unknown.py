import os

from django.db import migrations
from django_add_default_value import AddDefaultValue


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        AddDefaultValue(os.environ["MODEL"], "lent", False),
    ]
