from django.db import migrations, models

TITLE = models.CharField(max_length=200)


class Alter(migrations.AlterField):
    def __init__(self, model_name, name, field, length):
        field = field.clone()
        field.max_length = length
        super().__init__(model_name, name, field)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [Alter("blog", "title", TITLE, length=60)]
