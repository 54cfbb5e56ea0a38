from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            REINDEX (VERBOSE) INDEX blog_post_title
            """,
            migrations.RunSQL.noop,
        ),
    ]
