from django.db import migrations


class Migration(migrations.Migration):
    operations = [migrations.DeleteModel(name) for name in ("Comment",)]
