from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "title", models.TextField(null=True)),
        migrations.RenameField("blog", "title", "headline"),
        migrations.RenameField("blog", "headline", "heading"),
    ]
