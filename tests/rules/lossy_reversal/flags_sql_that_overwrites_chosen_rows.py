from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            migrations.RunSQL.noop, "UPDATE blog_post SET title = '' WHERE number > 1"
        ),
    ]
