from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]


setattr(Migration, "operations", [migrations.RemoveField("blog", "subtitle")])
