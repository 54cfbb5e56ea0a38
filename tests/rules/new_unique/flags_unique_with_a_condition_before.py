from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddConstraint("blog", models.UniqueConstraint(condition=models.Q(views=0), fields=["title"], name="one")),
    ]


# --- new
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.AlterUniqueTogether("blog", [("title", "views")]),
    ]
