import django_migration_linter as linter
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        linter.IgnoreMigration(),
    ]
