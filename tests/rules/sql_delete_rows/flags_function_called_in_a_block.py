from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE PROCEDURE purge() LANGUAGE sql AS $$ DELETE FROM blog_post $$;
            DO $$ BEGIN CALL purge(); END $$;
            """,
            migrations.RunSQL.noop,
        ),
    ]
