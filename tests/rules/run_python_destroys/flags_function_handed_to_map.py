from django.db import migrations


def change(apps, schema_editor):
    def drop(post):
        post.delete()

    list(map(drop, apps.get_model("blog", "Post").objects.all()))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
