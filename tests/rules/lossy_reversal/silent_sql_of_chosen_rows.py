from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "UPDATE blog_blog SET status = 'new' WHERE status = 'draft'",
            "UPDATE blog_blog SET body = '' WHERE status = 'new'",
        ),
    ]
