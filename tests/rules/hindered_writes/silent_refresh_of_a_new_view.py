from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE MATERIALIZED VIEW blog_totals AS SELECT 1 AS id; REFRESH MATERIALIZED VIEW blog_totals",
            "DROP MATERIALIZED VIEW blog_totals",
        ),
    ]
