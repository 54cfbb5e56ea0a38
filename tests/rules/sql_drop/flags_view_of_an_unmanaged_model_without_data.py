from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            DROP MATERIALIZED VIEW blog_report;
            CREATE MATERIALIZED VIEW blog_report AS SELECT id, 1 AS total FROM blog_post WITH NO DATA;
            """,
            migrations.RunSQL.noop,
        ),
    ]
