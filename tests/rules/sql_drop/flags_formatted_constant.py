from django.db import migrations

SQL = "DROP TABLE {table} CASCADE"


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(SQL.format(table="blog_comment")),
    ]
