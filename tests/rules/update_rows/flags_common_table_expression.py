from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "WITH old AS (SELECT id FROM blog_blog) UPDATE blog_blog SET title = 'x' FROM old",
            migrations.RunSQL.noop,
        ),
    ]
