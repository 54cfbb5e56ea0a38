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


# both: blog/migrations/0001_squashed_0002_post.py
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("blog", "0001_initial"), ("blog", "0002_post")]
    dependencies = []
    operations = []


# file: blog/migrations/0003_tag.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_squashed_0002_post")]
    operations = []


# file: blog/migrations/0003_word.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_post")]
    operations = []
