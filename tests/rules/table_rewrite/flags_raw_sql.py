from django.db import migrations, models
from django.db.models.expressions import RawSQL


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "code", models.DateTimeField(db_default=RawSQL("clock_timestamp() + interval '1 day'", []))),
    ]
