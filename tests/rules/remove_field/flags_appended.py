from django.db import migrations


class Migration(migrations.Migration):
    operations = []
    operations.append(migrations.RemoveField("blog", "subtitle"))
