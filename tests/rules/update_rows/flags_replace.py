from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            REPLACE INTO blog_blog VALUES (1)
            """,
            migrations.RunSQL.noop,
        ),
    ]
