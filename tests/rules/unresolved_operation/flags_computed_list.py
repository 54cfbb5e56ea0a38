from django.apps import apps
from django.db import migrations


class Migration(migrations.Migration):
    operations = apps.get_app_config("blog").operations()
