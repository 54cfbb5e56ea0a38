from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE TABLE note (id bigint)", "DROP TABLE note; DROP TABLE blog_post"),
    ]
