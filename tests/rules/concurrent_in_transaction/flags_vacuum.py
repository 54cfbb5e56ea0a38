from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("VACUUM ANALYZE blog_blog", migrations.RunSQL.noop),
    ]
