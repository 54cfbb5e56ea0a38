# both: blog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = []


# both: blog/migrations/0002_post.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
    operations = []


# file: blog/migrations/0002_tag.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
    operations = []


# file: blog/migrations/0003_merge.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_post"), ("blog", "0002_tag")]
    operations = []
