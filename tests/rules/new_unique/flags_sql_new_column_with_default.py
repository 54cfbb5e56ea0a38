from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_blog ADD COLUMN code int DEFAULT 1 UNIQUE", migrations.RunSQL.noop),
    ]
