from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_blog ADD COLUMN key uuid DEFAULT gen_random_uuid()", migrations.RunSQL.noop),
    ]
