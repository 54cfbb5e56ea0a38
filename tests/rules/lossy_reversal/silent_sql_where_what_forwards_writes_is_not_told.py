from django.db import migrations
from blog.names import column


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("UPDATE blog_blog SET %s = ''" % column(), "UPDATE blog_blog SET body = ''"),
    ]
