from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "scratch", models.TextField(null=True)),
        migrations.RemoveField("Blog", "scratch"),
    ]
