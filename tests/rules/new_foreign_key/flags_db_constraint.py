from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterField("post", "editor", models.ForeignKey("blog.Blog", models.CASCADE, db_constraint=False, null=True)),
    ]


# --- new
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.AlterField("post", "editor", models.ForeignKey("blog.Blog", models.CASCADE, null=True)),
    ]
