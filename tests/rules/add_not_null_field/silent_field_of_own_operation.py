from django.db import migrations, models


class AddFlag(migrations.AddField):
    def __init__(self, model_name, **options):
        field = models.BooleanField(default=False, **options)
        super().__init__(model_name=model_name, name="flag", field=field)


class AddMark(migrations.AddField):
    def __init__(self, model_name, **options):
        options.setdefault("null", True)
        super().__init__(model_name, "mark", models.BooleanField(default=False, **options))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [AddFlag("blog", null=True), AddMark("blog")]
