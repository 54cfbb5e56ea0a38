from django.db import migrations, models


class Made(models.Func):
    template = "next_code()"


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "code", models.TextField(db_default=Made())),
    ]
