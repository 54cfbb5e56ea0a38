from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddConstraint("blog", models.CheckConstraint(condition=models.Q(subtitle__isnull=False), name="given")),
        migrations.AlterField("blog", "subtitle", models.CharField(max_length=200)),
    ]
