from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Tag")]),
        migrations.CreateModel("Label", [("id", models.IntegerField())], options={"managed": False, "db_table": "labels"}),
    ]


# --- new
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RunSQL("DROP TABLE labels", migrations.RunSQL.noop),
    ]
