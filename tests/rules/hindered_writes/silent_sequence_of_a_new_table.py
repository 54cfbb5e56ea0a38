from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE TABLE blog_new (id serial); SELECT setval('blog_new_id_seq', 1)"),
    ]
