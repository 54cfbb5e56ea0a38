from django.conf import settings
from django.db import migrations, models

ADDED = []
if settings.SUBTITLES:
    ADDED.append(migrations.AddField("blog", "subtitle", models.TextField(null=True)))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        *ADDED,
        migrations.RemoveField("blog", "subtitle"),
    ]
