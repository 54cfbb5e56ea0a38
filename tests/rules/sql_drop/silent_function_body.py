from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION forget() RETURNS void AS $body$
                DROP TABLE blog_comment;
            $body$ LANGUAGE sql;
            """
        ),
    ]
