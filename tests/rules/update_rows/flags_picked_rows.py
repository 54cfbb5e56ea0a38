from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("UPDATE blog_blog SET title = 'x' WHERE views = 0 OR title IS NULL", migrations.RunSQL.noop),
    ]
