from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("SELECT pg_catalog.setval('blog_post_id_seq', 1, false)"),
    ]
