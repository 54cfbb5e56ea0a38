from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.CreateModel("Blog", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.AlterModelTable("blog", "weblog"),
    ]
