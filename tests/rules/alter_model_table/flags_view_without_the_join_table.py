from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterModelTable("blog", "weblog"),
        migrations.RunSQL(
            "CREATE VIEW blog_blog AS SELECT * FROM weblog", "DROP VIEW blog_blog"
        ),
    ]
