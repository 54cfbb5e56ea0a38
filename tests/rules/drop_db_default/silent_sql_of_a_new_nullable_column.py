from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE blog_blog ADD COLUMN house text DEFAULT ''; ALTER TABLE blog_blog ALTER house DROP DEFAULT
            """,
            migrations.RunSQL.noop,
        ),
    ]
