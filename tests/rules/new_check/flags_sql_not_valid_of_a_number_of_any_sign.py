from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterField("blog", "views", models.PositiveIntegerField(default=0)),
    ]


# --- new
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE blog_post ADD CONSTRAINT c0 CHECK (number >= 0) NOT VALID",
            ],
            migrations.RunSQL.noop,
        ),
    ]
