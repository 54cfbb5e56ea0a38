from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("REVOKE INSERT, UPDATE ON TABLE blog_post, blog_blog FROM web"),
    ]
