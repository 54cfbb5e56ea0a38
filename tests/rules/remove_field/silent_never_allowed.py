from django.db import migrations


class Forget(migrations.RemoveField):
    def allow_migrate_model(self, connection_alias, model):
        return False


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        Forget("blog", "subtitle"),
    ]
