from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE VIEW blog_titles AS SELECT title FROM blog_post"),
        migrations.RunSQL("DROP VIEW blog_titles"),
    ]
