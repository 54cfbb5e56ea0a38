from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_blog ALTER COLUMN created TYPE timestamp with time zone", migrations.RunSQL.noop),
    ]
