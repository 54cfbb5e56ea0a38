from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE INDEX CONCURRENTLY IF NOT EXISTS title_idx ON blog_blog (title)", migrations.RunSQL.noop),
    ]
