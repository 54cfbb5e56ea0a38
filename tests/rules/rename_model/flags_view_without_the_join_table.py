from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RenameModel("Blog", "Journal"),
        migrations.RunSQL(
            "CREATE VIEW blog_blog AS SELECT * FROM blog_journal", "DROP VIEW blog_blog"
        ),
    ]
