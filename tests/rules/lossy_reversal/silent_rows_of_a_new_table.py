from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE TABLE blog_note (id bigint)", "DROP TABLE blog_note"),
        migrations.RunSQL("INSERT INTO blog_note VALUES (1)", "TRUNCATE blog_note"),
    ]
