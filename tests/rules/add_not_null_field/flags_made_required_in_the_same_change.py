from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "house", models.TextField(null=True)),
        migrations.AlterField("blog", "house", models.TextField()),
    ]
