from django.db import migrations, models

WANTED = input()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "stars", models.IntegerField(null=True)),
        migrations.AddConstraint("blog", models.CheckConstraint(condition=models.Q(**WANTED), name="known")),
    ]
