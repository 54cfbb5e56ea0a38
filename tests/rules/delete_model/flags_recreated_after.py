from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.DeleteModel("Comment"),
        migrations.CreateModel("Comment", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
