from django.db import migrations

OPERATIONS = []
for old, new in [("Post", "Article")]:
    OPERATIONS.append(migrations.RenameModel(old, new))


class Migration(migrations.Migration):
    operations = OPERATIONS
