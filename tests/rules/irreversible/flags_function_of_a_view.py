from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION blog_words(text) RETURNS int LANGUAGE sql IMMUTABLE AS
                'SELECT length($1)';
            CREATE VIEW blog_lengths AS SELECT id, blog_words(body) FROM blog_blog;
            """,
            "DROP VIEW blog_lengths",
        ),
    ]
