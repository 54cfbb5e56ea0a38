from django.db import migrations, models
import uuid


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "key", models.UUIDField(default=uuid.uuid4, null=True, unique=True)),
    ]
