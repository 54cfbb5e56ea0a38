from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE MATERIALIZED VIEW blog_totals AS SELECT count(*) FROM blog_post",
            "DROP MATERIALIZED VIEW blog_totals",
        ),
    ]


# --- new
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RunSQL(
            """
            REFRESH MATERIALIZED VIEW blog_totals WITH NO DATA;
            """,
            migrations.RunSQL.noop,
        ),
    ]
