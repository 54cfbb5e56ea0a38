from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterUniqueTogether("post", set()),
        migrations.AddConstraint(
            "post", models.UniqueConstraint(fields=["blog", "number"], name="post_number")
        ),
    ]
