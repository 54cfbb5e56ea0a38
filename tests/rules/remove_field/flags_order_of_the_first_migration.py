from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.CreateModel(
            "Part",
            [("id", models.BigAutoField(primary_key=True)), ("blog", models.ForeignKey("blog.Blog", models.CASCADE))],
            options={"order_with_respect_to": "blog"},
        ),
    ]


# --- new
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.AlterOrderWithRespectTo("part", None),
    ]
