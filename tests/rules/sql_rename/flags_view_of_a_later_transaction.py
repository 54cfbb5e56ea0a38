from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE blog_post RENAME TO blog_article",
            "ALTER TABLE blog_article RENAME TO blog_post",
        ),
        migrations.RunSQL(
            "CREATE VIEW blog_post AS SELECT * FROM blog_article", "DROP VIEW blog_post"
        ),
    ]
