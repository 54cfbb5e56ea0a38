from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "total", models.GeneratedField(expression=models.F("views"), output_field=models.IntegerField(), db_persist=False)),
    ]
