from django.db import migrations, models


class Adding(migrations.Migration):
    def __init_subclass__(cls, fields=(), **options):
        super().__init_subclass__(**options)
        cls.operations = [
            migrations.AddField(*each.split("."), models.TextField(null=True)) for each in fields
        ]


class Migration(Adding, fields=["blog.teaser"]):
    dependencies = [("blog", "0001_initial")]
