from django.db import migrations, models


class AddFlag(migrations.AddField):
    def __init__(self, model_name, **options):
        field = models.BooleanField(default=False, **options)
        super().__init__(model_name=model_name, name="flag", field=field)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [AddFlag("blog")]
