from django.db import migrations
from some_package.operations import DropEverything


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        DropEverything("blog"),
    ]
