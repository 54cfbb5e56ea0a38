# both: blog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.CreateModel("Post", [("id", models.BigAutoField(primary_key=True))]),
    ]


# both: blog/migrations/0002_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
    operations = [migrations.AddField("post", "note", models.TextField(null=True))]


# both: blog/migrations/0003_rank.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_note")]
    operations = [
        migrations.AddField("post", "rank", models.IntegerField(null=True)),
        migrations.AlterField("post", "note", models.CharField(max_length=80, null=True)),
    ]


# file: blog/migrations/0002_squashed_0003_rank.py
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("blog", "0002_note"), ("blog", "0003_rank")]
    dependencies = [("blog", "0001_initial")]
    operations = [
        migrations.AddField("post", "note", models.TextField(null=True)),
        migrations.AddField("post", "rank", models.IntegerField(null=True)),
    ]
