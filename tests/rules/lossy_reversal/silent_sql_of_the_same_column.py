from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "UPDATE blog_blog SET subtitle = '' WHERE subtitle IS NULL",
            "UPDATE blog_blog SET subtitle = NULL",
        ),
    ]
