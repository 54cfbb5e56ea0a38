from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE UNIQUE INDEX slug_title ON blog_blog (slug, title)", migrations.RunSQL.noop),
    ]
