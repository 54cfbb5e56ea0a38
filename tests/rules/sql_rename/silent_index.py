from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER INDEX blog_post_title RENAME TO blog_post_headline"),
    ]
