from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterField("post", "number", models.IntegerField(db_column="number")),
        migrations.RenameField("post", "Number", "place"),
        migrations.AlterUniqueTogether("post", {("blog", "place")}),
    ]
