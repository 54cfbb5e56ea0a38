from django.db import migrations


def drop(model, *names):
    return [migrations.RemoveField(model, name) for name in names]


class Migration(migrations.Migration):
    operations = drop("blog", "subtitle")
