from django.db import migrations, models


class Made(models.Func):
    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="gen_random_uuid", **context)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "code", models.TextField(db_default=Made())),
    ]
