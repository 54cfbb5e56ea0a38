from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddConstraint("blog", models.CheckConstraint(check=models.Q(("views__gte", 0), ("price__gte", 0), _connector="OR"), name="x")),
    ]
