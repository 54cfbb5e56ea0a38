from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            DROP VIEW blog_report;
            CREATE VIEW blog_report AS
            SELECT p.id, extract(year FROM now()) AS year, sum(1) total, "p".title FROM blog_post p GROUP BY p.id;
            """,
            migrations.RunSQL.noop,
        ),
    ]
