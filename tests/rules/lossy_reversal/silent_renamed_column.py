from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE blog_blog ADD COLUMN sz integer; ALTER TABLE blog_blog RENAME sz TO size_class
            """,
            "ALTER TABLE blog_blog DROP COLUMN size_class",
        ),
    ]
