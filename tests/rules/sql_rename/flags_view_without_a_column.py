from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE blog_post RENAME TO blog_article;
            CREATE VIEW blog_post AS SELECT id, title FROM blog_article;
            """,
            migrations.RunSQL.noop,
        ),
    ]
