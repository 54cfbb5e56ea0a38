from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE FUNCTION code() RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN random(); END'", migrations.RunSQL.noop),
        migrations.AddField("blog", "code", models.TextField(db_default=models.Func(function="code"))),
    ]
