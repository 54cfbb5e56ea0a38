from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE INDEX ON ONLY blog_blog USING gin (title)", migrations.RunSQL.noop),
    ]
