from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION fits(given text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
                SELECT length(given) < 90
            $$;
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
            CREATE OR REPLACE FUNCTION fits(given text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
                SELECT length(given) < 60
            $$
            """,
            migrations.RunSQL.noop,
        ),
    ]
