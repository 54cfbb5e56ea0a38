import os

from django.db import migrations

VERB = os.environ["VERB"]


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(f"{VERB} TABLE blog_comment"),
    ]
