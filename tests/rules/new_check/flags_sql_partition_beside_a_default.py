from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE visit (at date NOT NULL) PARTITION BY RANGE (at);
            CREATE TABLE visit_rest PARTITION OF visit DEFAULT;
            """,
            "DROP TABLE visit",
        ),
    ]


# --- new
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE visit_2027 PARTITION OF visit
                FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
            """,
            migrations.RunSQL.noop,
        ),
    ]
