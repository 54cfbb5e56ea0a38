from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE UNIQUE INDEX x ON blog_post (blog_id) WHERE seen"),
    ]
