# base: blog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RenameField("post", "title", "headline")]


# file: blog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.RenameField(model_name="post", new_name="title", old_name="headline"),
    ]
