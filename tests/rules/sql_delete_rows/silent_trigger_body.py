from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER forget AFTER DELETE ON blog_post FOR EACH ROW
            BEGIN
                DELETE FROM blog_comment WHERE post_id = OLD.id;
                DELETE FROM blog_like WHERE post_id = OLD.id;
            END;
            """
        ),
    ]
