from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "code", models.TextField(null=True)),
        migrations.AddConstraint("blog", models.UniqueConstraint(Coalesce("code", "title"), name="one")),
    ]
