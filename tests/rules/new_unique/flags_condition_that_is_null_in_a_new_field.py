from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("post", "rank", models.IntegerField(null=True)),
        migrations.AddConstraint(
            "post",
            models.UniqueConstraint(
                condition=models.Q(rank__isnull=True), fields=["blog"], name="post_rank"
            ),
        ),
    ]
