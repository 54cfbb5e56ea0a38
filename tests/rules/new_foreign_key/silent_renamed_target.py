from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RenameModel("Tagging", "Mark"),
        migrations.AlterField("mark", "blog", models.ForeignKey("blog.blog", models.PROTECT)),
    ]
