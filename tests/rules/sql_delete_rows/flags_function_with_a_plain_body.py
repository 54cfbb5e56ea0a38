from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION clean() RETURNS void BEGIN ATOMIC DELETE FROM blog_post; END;
            SELECT clean();
            """
        ),
    ]
