from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE TABLE IF NOT EXISTS note (id bigint)", "DROP TABLE IF EXISTS note"),
    ]


# --- new
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RunSQL("CREATE TABLE IF NOT EXISTS note (id bigint)", "DROP TABLE IF EXISTS note"),
    ]
