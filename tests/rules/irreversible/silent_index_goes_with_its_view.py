from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(["CREATE MATERIALIZED VIEW counts AS SELECT blog_id FROM blog_post", "CREATE INDEX counted ON counts (blog_id)"], "DROP MATERIALIZED VIEW counts"),
    ]
