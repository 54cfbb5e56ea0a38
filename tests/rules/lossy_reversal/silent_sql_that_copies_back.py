from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("UPDATE blog_blog SET subtitle = title", "UPDATE blog_blog SET title = subtitle"),
    ]
