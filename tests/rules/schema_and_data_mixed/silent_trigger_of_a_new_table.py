from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE blog_log (id int, note text);
            """,
            "DROP TABLE blog_log",
        ),
        migrations.RunSQL(
            """
            CREATE TRIGGER blog_blog_note BEFORE INSERT OR UPDATE OF title ON blog_log
                FOR EACH ROW EXECUTE FUNCTION blog_note();
            UPDATE blog_blog SET subtitle = title WHERE subtitle IS NULL;
            """,
            "DROP TRIGGER blog_blog_note ON blog_log",
        ),
    ]
