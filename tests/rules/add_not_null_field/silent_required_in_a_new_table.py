from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.CreateModel("House", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField(null=True))]),
        migrations.AlterField("house", "name", models.TextField()),
        migrations.AddField("blog", "house", models.TextField(null=True)),
        migrations.AlterField("blog", "house", models.TextField(null=True, blank=True)),
    ]
