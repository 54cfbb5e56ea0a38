from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER SEQUENCE blog_post_id_seq RENAME TO blog_article_id_seq;"
            "ALTER TABLE blog_tag_id_seq RENAME TO blog_label_id_seq"
        ),
    ]
