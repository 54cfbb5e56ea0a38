from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tag", "0001_initial")]

    operations = [
        migrations.AlterModelTable(name="tag", table=None),
    ]
