from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION purge() RETURNS void LANGUAGE sql AS $$ DELETE FROM blog_post $$;
            SELECT purged(), count(*) FROM blog_post;
            """,
            migrations.RunSQL.noop,
        ),
    ]
