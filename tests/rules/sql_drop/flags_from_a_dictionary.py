from django.db import migrations


SQL = {"up": "CREATE TABLE blog_a (id int)", "down": "DROP TABLE blog_post"}


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(SQL["down"], SQL["up"]),
        *[migrations.RunSQL(each, migrations.RunSQL.noop) for each in SQL.values()],
    ]
