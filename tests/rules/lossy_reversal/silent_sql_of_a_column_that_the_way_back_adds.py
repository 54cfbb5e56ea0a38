from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE blog_blog DROP COLUMN body",
            [
                "ALTER TABLE blog_blog ADD COLUMN body text NOT NULL DEFAULT ''",
                "UPDATE blog_blog SET body = title",
                "CREATE TABLE blog_old (body text)",
                "UPDATE blog_old SET body = ''",
            ],
        ),
    ]
