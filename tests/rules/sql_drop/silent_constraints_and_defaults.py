from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE blog_post DROP CONSTRAINT blog_post_title_check;
            ALTER TABLE blog_post ALTER COLUMN title DROP NOT NULL, ALTER title DROP DEFAULT;
            DROP INDEX CONCURRENTLY IF EXISTS blog_post_title_idx;
            """
        ),
    ]
