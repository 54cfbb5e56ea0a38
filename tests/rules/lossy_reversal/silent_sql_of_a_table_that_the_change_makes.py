from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE TABLE blog_new (a int)", "UPDATE blog_new SET a = 1; DROP TABLE blog_new"),
    ]
