from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE blog_post ADD CONSTRAINT editor_fk FOREIGN KEY (editor_id) REFERENCES blog_blog NOT VALID",
            migrations.RunSQL.noop,
        ),
    ]
