from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [migrations.AddField("blog", "motto", models.TextField(null=True))]


# --- new
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RunSQL("UPDATE blog_blog SET motto = title", migrations.RunSQL.noop),
    ]
