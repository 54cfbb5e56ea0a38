from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddConstraint("blog", models.CheckConstraint(condition=models.Q(views__gte=0), name="views_positive")),
    ]
