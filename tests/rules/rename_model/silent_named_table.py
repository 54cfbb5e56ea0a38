from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.CreateModel(
            "Mark", [("id", models.BigAutoField(primary_key=True))], options={"db_table": "marks"}
        ),
    ]


# --- new
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RenameModel("Mark", "Sign"),
    ]
