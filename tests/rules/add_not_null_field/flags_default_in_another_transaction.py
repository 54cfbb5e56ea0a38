from django.db import migrations, models
from django_add_default_value import AddDefaultValue


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "lent", models.BooleanField(default=False)),
        AddDefaultValue("blog", "lent", False),
    ]
