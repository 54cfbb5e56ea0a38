# base: blog/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RunSQL("DROP TABLE %s" % name) for name in ("a", "b")]


# file: blog/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RunSQL(f"DROP TABLE {name}") for name in ("a", "b")]
