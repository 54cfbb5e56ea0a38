from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RenameField("blog", "title", "headline"),
        migrations.AlterField("blog", "headline", models.CharField(db_column="title", max_length=200)),
    ]
