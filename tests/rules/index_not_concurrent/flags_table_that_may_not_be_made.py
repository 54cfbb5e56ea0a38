from django.conf import settings
from django.db import migrations, models

MADE = []
if settings.NOTES:
    MADE = [
        migrations.CreateModel("Note", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.RunSQL("CREATE TABLE remark (id bigint)", "DROP TABLE remark"),
    ]


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        *MADE,
        migrations.RunSQL("CREATE INDEX note_idx ON blog_note (id)", migrations.RunSQL.noop),
        migrations.RunSQL("CREATE INDEX remark_idx ON remark (id)", migrations.RunSQL.noop),
    ]
