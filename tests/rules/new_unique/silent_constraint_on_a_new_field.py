from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "code", models.IntegerField(null=True)),
        migrations.AddConstraint("blog", models.UniqueConstraint(fields=["title", "code"], name="one_code")),
    ]
