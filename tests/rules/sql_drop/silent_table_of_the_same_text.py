from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TEMPORARY TABLE picked AS SELECT id FROM blog_post;
            UPDATE blog_post SET seen = true WHERE id IN (SELECT id FROM picked);
            DROP TABLE picked;
            """
        ),
    ]
