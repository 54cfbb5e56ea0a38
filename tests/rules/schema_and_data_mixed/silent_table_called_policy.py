from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE policy (id int, blog int REFERENCES blog_blog ON DELETE CASCADE);
            UPDATE blog_blog SET subtitle = title WHERE subtitle IS NULL;
            """,
            "DROP TABLE policy",
        ),
    ]
