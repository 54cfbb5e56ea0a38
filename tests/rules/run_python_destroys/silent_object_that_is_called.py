from django.db import migrations


class Clean:
    kept = ("news",)

    def __init__(self, model):
        self.model = model

    def __call__(self, apps, schema_editor):
        self._count(apps.get_model("blog", self.model))

    @staticmethod
    def _drop(model):
        model.objects.all().delete()

    @classmethod
    def _count(cls, model):
        print(cls.kept, model.objects.count())


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(Clean("Post"), migrations.RunPython.noop),
    ]
