from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            "post",
            models.UniqueConstraint(
                condition=models.Q(number__gt=1) & models.Q(seen=True),
                fields=["blog"],
                name="post_seen",
            ),
        ),
    ]
