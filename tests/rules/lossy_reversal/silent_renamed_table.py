from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE a_new (id int); ALTER TABLE a_new RENAME TO b_new
            """,
            "DROP TABLE a_new",
        ),
    ]
