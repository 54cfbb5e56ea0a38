from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterModelTable("weblog", "weblog_2"),
        migrations.RunSQL(
            "CREATE VIEW blog_weblog AS SELECT * FROM weblog_2", "DROP VIEW blog_weblog"
        ),
    ]
