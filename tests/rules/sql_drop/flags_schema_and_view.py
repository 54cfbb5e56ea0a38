from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(["DROP SCHEMA archive", "DROP MATERIALIZED VIEW blog_totals"]),
    ]
