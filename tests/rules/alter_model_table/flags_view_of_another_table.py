from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterModelTable("post", "blog_article"),
        migrations.RunSQL(
            "CREATE VIEW blog_post AS SELECT * FROM blog_draft", "DROP VIEW blog_post"
        ),
    ]
