from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE RULE noted AS ON INSERT TO blog_post DO ALSO NOTIFY posts;
            """,
            "DROP RULE noted ON blog_post",
        ),
        migrations.RunSQL(
            """
            UPDATE blog_blog SET subtitle = title WHERE subtitle IS NULL;
            """,
            migrations.RunSQL.noop,
        ),
    ]
