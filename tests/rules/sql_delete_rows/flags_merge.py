from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            MERGE INTO blog_post p USING blog_blog b ON p.blog_id = b.id WHEN MATCHED THEN DELETE
            """,
            migrations.RunSQL.noop,
        ),
    ]
