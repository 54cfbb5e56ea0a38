from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("post", "note", models.TextField(null=True)),
        migrations.RenameField("blog", "title", "headline"),
        migrations.AlterField("post", "title", models.CharField(max_length=300)),
    ]
