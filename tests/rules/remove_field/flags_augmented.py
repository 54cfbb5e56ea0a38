from django.db import migrations


class Migration(migrations.Migration):
    operations = [migrations.AlterModelOptions("blog", {})]
    operations += [migrations.RemoveField("blog", "subtitle")]
