from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            MERGE INTO blog_blog USING labels ON true WHEN MATCHED THEN UPDATE SET title = 'x' WHEN NOT MATCHED THEN DO NOTHING
            """,
            migrations.RunSQL.noop,
        ),
    ]
