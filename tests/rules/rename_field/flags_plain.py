from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RenameField(model_name="blog", old_name="title", new_name="headline"),
    ]
