from django.db import migrations


class Making(migrations.Migration):
    def __init_subclass__(cls, **options):
        prepare(cls)


class Migration(Making, sort="all"):
    dependencies = [("blog", "0001_initial")]
