from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RenameIndex(model_name="post", old_name="post_old_idx", new_name="post_new_idx"),
    ]
