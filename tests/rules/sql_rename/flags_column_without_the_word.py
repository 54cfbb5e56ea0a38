from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL('alter table "blog_post" rename "title" to "headline"'),
    ]
