from django.db import migrations
from blog.rules import CONSTRAINT


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddConstraint("blog", CONSTRAINT),
    ]
