from django.db import migrations, models
from django.utils.module_loading import import_string


def changed(field, **overrides):
    _, path, args, kwargs = field.deconstruct()
    return import_string(path)(*args, **{**kwargs, **overrides})


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterField(
            "blog", "title", changed(models.CharField(max_length=200), max_length=220)
        ),
    ]
