from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):
    operations = (
        [migrations.RenameField("blog", "title", "headline")] if settings.NEW_NAMES else []
    )
