from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE TABLE note (id bigint)", "DROP TABLE note"),
        migrations.RunSQL("CREATE INDEX note_idx ON note (id)", migrations.RunSQL.noop),
    ]
