from django.db import migrations

from blog.models import Post


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(f"CREATE INDEX ON {Post._meta.db_table} (title)"),
    ]
