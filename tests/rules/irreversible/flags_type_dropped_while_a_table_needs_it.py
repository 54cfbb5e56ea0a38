from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(["CREATE TYPE mood AS ENUM ('good', 'bad')", "CREATE TABLE day (mood mood)"], ["DROP TYPE mood", "DROP TABLE day"]),
    ]
