from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("post", "rank", models.IntegerField(default=len)),
        migrations.AddConstraint(
            "post",
            models.UniqueConstraint(
                condition=models.Q(rank=1), fields=["blog"], name="post_rank"
            ),
        ),
    ]
