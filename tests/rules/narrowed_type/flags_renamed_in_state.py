from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("blog", "title", models.CharField(db_column="title", max_length=200)),
                migrations.RenameField("blog", "title", "headline"),
            ],
        ),
    ]


# --- new
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.AlterField("blog", "headline", models.CharField(db_column="title", max_length=100)),
    ]
