from django.db import migrations


SQL = {"up": "CREATE TABLE blog_a (id int)", "down": "DROP TABLE blog_a"}


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(SQL["up"], SQL.get("down")),
        migrations.RunSQL(SQL.get("none", "SELECT 1"), ""),
    ]
