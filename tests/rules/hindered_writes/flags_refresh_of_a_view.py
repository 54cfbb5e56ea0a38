from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("REFRESH MATERIALIZED VIEW blog_totals", migrations.RunSQL.noop),
    ]
