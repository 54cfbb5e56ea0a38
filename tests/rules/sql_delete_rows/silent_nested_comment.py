from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            /* old: /* why? */ DELETE FROM blog_post; */ SELECT '/* /*', $$ a $$ -- /* DELETE
            """,
            migrations.RunSQL.noop,
        ),
    ]
