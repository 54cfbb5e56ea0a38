from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE %s DROP COLUMN %s" % ("blog_post", "subtitle")),
    ]
