from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "stars", models.IntegerField(null=True, default=None)),
        migrations.AddConstraint("blog", models.UniqueConstraint(fields=["stars"], nulls_distinct=False, name="one")),
    ]
