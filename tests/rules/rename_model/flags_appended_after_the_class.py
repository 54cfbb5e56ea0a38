from django.db import migrations


class Migration(migrations.Migration):
    operations = []


Migration.operations.append(migrations.RenameModel("Post", "Article"))
