from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_blog ALTER COLUMN status TYPE char(10)", migrations.RunSQL.noop),
    ]
