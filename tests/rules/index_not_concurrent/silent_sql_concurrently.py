from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE INDEX CONCURRENTLY title_idx ON blog_blog (title)", migrations.RunSQL.noop),
    ]
