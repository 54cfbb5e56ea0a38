from django.db import migrations
from operator import attrgetter, methodcaller


def change(apps, schema_editor):
    blogs = apps.get_model("blog", "Blog").objects.all()
    print(methodcaller("count")(blogs), methodcaller()(1), attrgetter("delete")(1))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
