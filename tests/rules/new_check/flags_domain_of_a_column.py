from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE DOMAIN positive AS integer;
            ALTER TABLE blog_blog ALTER COLUMN views TYPE positive;
            """,
            "ALTER TABLE blog_blog ALTER COLUMN views TYPE integer; DROP DOMAIN positive",
        ),
    ]


# --- new
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RunSQL(
            "ALTER DOMAIN positive ADD CONSTRAINT more CHECK (VALUE > 0) NOT VALID",
            "ALTER DOMAIN positive DROP CONSTRAINT more",
        ),
    ]
