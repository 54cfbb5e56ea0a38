from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            DROP VIEW blog_report;
            CREATE VIEW blog_report AS SELECT id, 1 + 1 FROM blog_post;
            CREATE OR REPLACE VIEW blog_report AS SELECT * FROM blog_counted;
            CREATE OR REPLACE VIEW blog_report AS WITH p AS (SELECT id FROM blog_post) SELECT id FROM p;
            """,
            migrations.RunSQL.noop,
        ),
    ]
