from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "data", models.JSONField(null=True)),
        migrations.AddConstraint("blog", models.CheckConstraint(condition=models.Q(data__size__isnull=False), name="known")),
    ]
