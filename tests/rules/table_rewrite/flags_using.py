from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_blog ALTER COLUMN title TYPE varchar(300) USING trim(title)", migrations.RunSQL.noop),
    ]
