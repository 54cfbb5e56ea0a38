# base: blog/migrations/0002_post.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.AddField("post", "slug", models.SlugField())]


# file: blog/migrations/0003_post.py
# was: blog/migrations/0002_post.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.AddField("post", "slug", models.SlugField())]
