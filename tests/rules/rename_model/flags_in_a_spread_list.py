from django.db import migrations

RENAMES = (migrations.RenameModel("Post", "Article"),)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        *RENAMES,
    ]
