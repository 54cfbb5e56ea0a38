# both: blog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = []


# file: blog/migrations/post.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
    operations = []


# file: blog/migrations/poster.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "post")]
    operations = []
