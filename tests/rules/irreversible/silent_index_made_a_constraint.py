from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(["CREATE UNIQUE INDEX one_title ON blog_blog (title)", "ALTER TABLE blog_blog ADD CONSTRAINT one_title UNIQUE USING INDEX one_title"], "ALTER TABLE blog_blog DROP CONSTRAINT one_title"),
    ]
