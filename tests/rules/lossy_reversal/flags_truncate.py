from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("INSERT INTO blog_tag VALUES (1)", reverse_sql="TRUNCATE blog_tag"),
    ]
