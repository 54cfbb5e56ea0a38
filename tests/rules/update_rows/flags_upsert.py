from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            INSERT INTO blog_tag SELECT * FROM labels ON CONFLICT (id) DO UPDATE SET (name) = ROW ('x'), title = EXCLUDED.title WHERE true
            """,
            migrations.RunSQL.noop,
        ),
    ]
