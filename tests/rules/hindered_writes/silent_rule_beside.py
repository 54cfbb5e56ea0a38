from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE RULE r AS ON INSERT TO blog_post DO ALSO NOTIFY posts;
            CREATE RULE "_RETURN" AS ON SELECT TO blog_new DO INSTEAD SELECT 1;
            """,
            migrations.RunSQL.noop,
        ),
    ]
