from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE elsewhere ALTER COLUMN name TYPE text", migrations.RunSQL.noop),
    ]
