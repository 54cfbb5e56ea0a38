from django.db import migrations, models


class Made(models.Func):
    def as_sql(self, compiler, connection, **context):
        if self.flat == 1:
            return "now()", []
        return "CURRENT_TIMESTAMP", []


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "code", models.TextField(db_default=Made())),
    ]
