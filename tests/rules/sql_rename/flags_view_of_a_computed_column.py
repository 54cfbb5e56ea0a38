from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE blog_post RENAME TO blog_article;
            CREATE VIEW blog_post AS
            SELECT id, upper(title) AS title, blog_id, number, editor_id, seen FROM blog_article;
            """,
            "DROP VIEW blog_post; ALTER TABLE blog_article RENAME TO blog_post",
        ),
    ]
