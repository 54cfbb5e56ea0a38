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
                "ALTER TABLE blog_blog ADD CONSTRAINT c0 CHECK (octet_length(title) <= 200) NOT VALID",
            ],
            migrations.RunSQL.noop,
        ),
    ]
