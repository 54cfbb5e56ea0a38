# both: blog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.CreateModel("Post", [("id", models.BigAutoField(primary_key=True))]),
    ]


# both: blog/migrations/0002_slug.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
    operations = [
        migrations.AddField("post", "slug", models.SlugField(null=True)),
    ]


# both: blog/migrations/0003_more.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_slug")]
    operations = [
        migrations.RunSQL("CREATE VIEW slugs AS SELECT slug FROM blog_post", "DROP VIEW slugs"),
    ]


# file: blog/migrations/0002_squashed_0003_more.py
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("blog", "0002_slug"), ("blog", "0003_more")]
    dependencies = [("blog", "0001_initial")]
    operations = [
        migrations.AddField("post", "slug", models.SlugField(null=True)),
    ]
