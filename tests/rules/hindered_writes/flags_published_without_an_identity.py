from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE blog_post REPLICA IDENTITY NOTHING;
            CREATE PUBLICATION blog_feed FOR TABLE blog_post;
            """,
            "DROP PUBLICATION blog_feed; ALTER TABLE blog_post REPLICA IDENTITY DEFAULT",
        ),
    ]
