from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            DROP VIEW blog_report;
            CREATE VIEW blog_report AS
            SELECT post.id, count(*) FILTER (WHERE post.title <> '') AS titles FROM blog_post AS post GROUP BY 1;
            """,
            migrations.RunSQL.noop,
        ),
    ]
