from django.db import migrations


class Cleaner:
    @classmethod
    def run(cls, apps, schema_editor):
        cls.empty(apps.get_model("blog", cls.name))

    def empty(model):
        model.objects.all().delete()


class Posts(Cleaner):
    name = "Post"


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(Posts.run, migrations.RunPython.noop),
    ]
