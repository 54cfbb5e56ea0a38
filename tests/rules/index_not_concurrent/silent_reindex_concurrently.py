from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            REINDEX TABLE CONCURRENTLY blog_post
            """,
            migrations.RunSQL.noop,
        ),
    ]
