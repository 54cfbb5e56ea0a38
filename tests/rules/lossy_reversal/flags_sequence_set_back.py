from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(migrations.RunSQL.noop, "SELECT setval('blog_post_id_seq', 1)"),
    ]
