from django.db import migrations, models


class Made(models.Func):
    function = "CURRENT_DATE"
    template = "%(function)s"


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "code", models.TextField(db_default=Made())),
    ]
