from django.db import migrations

# Written for the release after this one.
LATER = [migrations.RemoveField("blog", "subtitle")]


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterModelOptions("blog", {}),
    ]
