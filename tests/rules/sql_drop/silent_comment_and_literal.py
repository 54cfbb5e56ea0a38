from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            -- DROP TABLE blog_comment
            /* DROP TABLE blog_comment; */
            INSERT INTO blog_note (text) VALUES ('; DROP TABLE blog_comment; it''s a joke');
            """
        ),
    ]
