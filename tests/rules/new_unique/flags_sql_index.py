from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE UNIQUE INDEX CONCURRENTLY one_title ON blog_blog (lower(title))", migrations.RunSQL.noop),
    ]
