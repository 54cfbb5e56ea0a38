from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RemoveField("post", "labels"),
        migrations.AddField("post", "labels", models.ManyToManyField("blog.Tag")),
    ]
