from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="CREATE TABLE blog_note (id bigint)",
            reverse_sql="DROP TABLE blog_note",
        ),
    ]
