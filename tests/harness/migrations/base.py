"""The migration that every sample builds on."""

PATH = "blog/migrations/0001_initial.py"
TEXT = """\
import uuid

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Blog",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=200)),
                ("subtitle", models.CharField(max_length=200, null=True)),
                ("body", models.TextField(default="")),
                ("status", models.CharField(max_length=10, db_default="draft")),
                ("views", models.IntegerField(default=0)),
                ("price", models.DecimalField(max_digits=8, decimal_places=2, null=True)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("slug", models.SlugField(unique=True)),
                ("owner", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)),
            ],
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("blog", models.ForeignKey("blog.Blog", models.CASCADE)),
                ("editor", models.BigIntegerField(null=True, db_column="editor_id")),
                ("title", models.CharField(max_length=200)),
                ("number", models.IntegerField()),
                ("seen", models.BooleanField(null=True)),
            ],
            options={"unique_together": {("blog", "number")}},
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.UUIDField(primary_key=True, default=uuid.uuid4)),
                ("name", models.CharField(max_length=50)),
            ],
            options={"db_table": "labels"},
        ),
        migrations.CreateModel(
            name="Tagging",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("blog", models.ForeignKey("blog.Blog", models.CASCADE)),
                ("tag", models.ForeignKey("blog.Tag", models.CASCADE)),
            ],
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("total", models.IntegerField()),
            ],
            options={"managed": False},
        ),
        migrations.AddField("blog", "tags", models.ManyToManyField("blog.Tag")),
        migrations.AddField(
            "post", "labels", models.ManyToManyField("blog.Tag", through="blog.Tagging")
        ),
    ]
"""
