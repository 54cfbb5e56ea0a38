from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.CreateModel("Blog", fields=[("title", models.TextField())]),
        migrations.RenameField("blog", "title", "headline"),
    ]
