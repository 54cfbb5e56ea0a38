from django.db import migrations
from some_package.operations import AlterNothing


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[AlterNothing("blog")]),
    ]
