from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddConstraint("blog", models.UniqueConstraint(Lower("title"), name="one_lower_title")),
    ]
