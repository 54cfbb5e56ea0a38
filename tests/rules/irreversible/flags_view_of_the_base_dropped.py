from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE VIEW blog_titles AS SELECT id, title FROM blog_blog", "DROP VIEW blog_titles"),
    ]


# --- new
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RunSQL("CREATE OR REPLACE VIEW blog_titles AS SELECT id, title, slug FROM blog_blog", "DROP VIEW blog_titles"),
    ]
