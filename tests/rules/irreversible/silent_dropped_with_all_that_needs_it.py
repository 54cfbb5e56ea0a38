from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(["CREATE TABLE one (id bigint PRIMARY KEY)", "CREATE TABLE two (one_id bigint REFERENCES one (id))"], ["DROP TABLE one CASCADE", "DROP TABLE two"]),
    ]
