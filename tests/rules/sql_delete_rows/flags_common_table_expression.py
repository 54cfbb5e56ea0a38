from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            WITH gone AS (DELETE FROM blog_comment WHERE spam RETURNING *)
            INSERT INTO blog_spam SELECT * FROM gone
            """
        ),
    ]
