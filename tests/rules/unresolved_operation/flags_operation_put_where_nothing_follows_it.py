from django.db import migrations

STEPS = []
ADD = STEPS.append
ADD(migrations.RemoveField("blog", "title"))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = STEPS
