from django.conf import settings
from django.db import migrations

if settings.LEGACY:
    OPERATIONS = []
else:
    OPERATIONS = [migrations.RemoveField("blog", "subtitle")]


class Migration(migrations.Migration):
    operations = OPERATIONS
