from django.db import migrations, models
from django.db.models.functions import Coalesce, Now, TruncDay


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "code", models.DateTimeField(db_default=Coalesce(TruncDay(Now()), models.Func(function="statement_timestamp")))),
    ]
