from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            UPDATE blog_blog SET subtitle = title WHERE subtitle IS NULL;
            CREATE TRIGGER blog_blog_note BEFORE INSERT OR UPDATE OF title ON blog_blog
                FOR EACH ROW EXECUTE FUNCTION blog_note();
            """,
            "DROP TRIGGER blog_blog_note ON blog_blog",
        ),
    ]
