from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            LOCK blog_post IN SHARE MODE
            """,
            migrations.RunSQL.noop,
        ),
    ]
