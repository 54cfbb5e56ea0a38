from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE blog_note (id bigint);
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            """
            LOCK TABLE blog_note; ALTER TABLE blog_note ALTER id RESTART
            """,
            migrations.RunSQL.noop,
        ),
    ]
