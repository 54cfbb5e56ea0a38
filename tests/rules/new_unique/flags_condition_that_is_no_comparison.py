from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            "post",
            models.UniqueConstraint(
                condition=models.Exists(1), fields=["blog"], name="post_pinned"
            ),
        ),
    ]
