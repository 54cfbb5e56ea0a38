from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.CreateModel("Scratch", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.DeleteModel("scratch"),
    ]
