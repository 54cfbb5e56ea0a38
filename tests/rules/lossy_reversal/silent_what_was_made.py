from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE TABLE note (id bigint); CREATE VIEW v AS SELECT 1", "DROP VIEW v; DROP TABLE note"),
    ]
