from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE blog_post ADD COLUMN slug text;
            ALTER TABLE blog_post
                ALTER COLUMN slug SET DEFAULT '',
                DROP COLUMN IF EXISTS subtitle;
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
