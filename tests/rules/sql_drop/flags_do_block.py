from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            DO $$
            BEGIN
                IF EXISTS (SELECT 1 FROM pg_tables WHERE tablename = 'blog_comment') THEN
                    DROP TABLE blog_comment;
                END IF;
            END
            $$;
            """
        ),
    ]
