from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_blog ADD CONSTRAINT one_title UNIQUE USING INDEX one_title_idx", migrations.RunSQL.noop),
    ]
