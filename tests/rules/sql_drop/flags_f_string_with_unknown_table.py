from django.db import migrations

from blog.models import Comment


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(f"DROP TABLE {Comment._meta.db_table}"),
    ]
