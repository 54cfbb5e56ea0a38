import os

from django.db import migrations

GIVEN = {"sql": "SELECT 1"} | {**os.environ}


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [migrations.RunSQL(**GIVEN)]
