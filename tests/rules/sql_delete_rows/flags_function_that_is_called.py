from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE OR REPLACE FUNCTION purge() RETURNS void LANGUAGE sql AS $$ DELETE FROM blog_post $$;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            """
            SELECT purge();
            """,
            migrations.RunSQL.noop,
        ),
    ]
