# both: shop/blog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = []


# both: shop/blog/migrations/0002_post.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop_blog", "0001_initial")]
    operations = []


# file: shop/blog/migrations/0003_tag.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop_blog", "0002_post")]
    operations = []
