from django.db import migrations

FIRST = [migrations.AlterModelOptions("post", {"ordering": ["title"]})]
SECOND = [migrations.DeleteModel("Comment")]


class Migration(migrations.Migration):
    operations = FIRST + SECOND
