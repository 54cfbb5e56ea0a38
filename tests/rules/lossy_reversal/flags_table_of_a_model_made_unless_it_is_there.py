from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE TABLE IF NOT EXISTS labels (id bigint)", "DROP TABLE IF EXISTS labels"),
    ]
