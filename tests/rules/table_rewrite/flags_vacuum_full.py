from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("VACUUM FULL blog_blog", migrations.RunSQL.noop),
    ]
