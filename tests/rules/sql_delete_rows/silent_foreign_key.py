from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE blog_comment ADD FOREIGN KEY (post_id) REFERENCES blog_post ON DELETE CASCADE"
        ),
    ]
