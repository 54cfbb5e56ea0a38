from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("post", "double", models.GeneratedField(expression=models.F("number") * 2, output_field=models.IntegerField(), db_persist=True)),
    ]
