from django.db import migrations
from django.db.migrations import DeleteModel as Drop


class Migration(migrations.Migration):
    operations = [Drop("Comment")]
