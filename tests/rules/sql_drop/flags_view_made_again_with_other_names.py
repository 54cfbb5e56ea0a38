from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            DROP MATERIALIZED VIEW blog_report;
            CREATE MATERIALIZED VIEW blog_report (id, titles) AS SELECT id, count(*) FROM blog_post GROUP BY id;
            """,
            migrations.RunSQL.noop,
        ),
    ]
