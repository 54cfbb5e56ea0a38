from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE elsewhere ADD COLUMN note text; UPDATE elsewhere SET note = 'none'", migrations.RunSQL.noop),
    ]
