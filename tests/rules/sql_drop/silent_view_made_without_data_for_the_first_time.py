from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            DROP MATERIALIZED VIEW IF EXISTS blog_totals;
            CREATE MATERIALIZED VIEW blog_totals AS SELECT count(*) FROM blog_post WITH NO DATA;
            """,
            "DROP MATERIALIZED VIEW blog_totals",
        ),
    ]
