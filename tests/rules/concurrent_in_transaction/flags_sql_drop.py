from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY title_idx", migrations.RunSQL.noop),
    ]
