from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("SELECT setval('blog_post_id_seq', (SELECT max(id) FROM blog_post))"),
        migrations.RunSQL("SELECT setval FROM blog_post; SELECT setval('a')"),
    ]
