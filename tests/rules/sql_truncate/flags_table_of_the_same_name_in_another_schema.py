from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE TABLE archive.blog_blog (LIKE blog_blog); TRUNCATE blog_blog",
            migrations.RunSQL.noop,
        ),
    ]
