from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("SELECT setval(pg_get_serial_sequence('blog_post', 'id'), 1)"),
    ]
