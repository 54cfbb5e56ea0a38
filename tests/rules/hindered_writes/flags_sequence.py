from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER SEQUENCE blog_post_id_seq RESTART
            """,
            migrations.RunSQL.noop,
        ),
    ]
