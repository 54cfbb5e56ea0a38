from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            DROP TRIGGER blog_blog_note ON blog_blog;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            """
            INSERT INTO blog_log SELECT id FROM blog_blog;
            """,
            migrations.RunSQL.noop,
        ),
    ]
