from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE TABLE visit (at date NOT NULL) PARTITION BY RANGE (at)", "DROP TABLE visit"
        ),
        migrations.RunSQL(
            "CREATE TABLE visit_rest PARTITION OF visit DEFAULT", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "ALTER TABLE visit DETACH PARTITION visit_rest",
            "ALTER TABLE visit ATTACH PARTITION visit_rest DEFAULT",
        ),
    ]
