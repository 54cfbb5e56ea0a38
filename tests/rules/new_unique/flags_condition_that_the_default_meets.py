from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("post", "pinned", models.BooleanField(default=True, db_default=True)),
        migrations.AddConstraint(
            "post",
            models.UniqueConstraint(
                condition=models.Q(pinned=True), fields=["blog"], name="post_pinned"
            ),
        ),
    ]
