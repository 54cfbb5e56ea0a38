from django.db import migrations
from blog.sql import MORE


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("SELECT 1", **MORE),
    ]
