from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION fits(given text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
                SELECT length(given) < 90
            $$;
            ALTER TABLE blog_blog ADD CONSTRAINT title_fits CHECK (fits(title)) NOT VALID;
            """,
            "DROP FUNCTION fits(text) CASCADE",
        ),
    ]


# --- new
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE blog_blog DROP CONSTRAINT title_fits;
            CREATE OR REPLACE FUNCTION fits(given text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
                SELECT length(given) < 60
            $$
            """,
            migrations.RunSQL.noop,
        ),
    ]
