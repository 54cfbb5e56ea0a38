from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE OR REPLACE FUNCTION code() RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT 1'", migrations.RunSQL.noop),
        migrations.AddField("blog", "code", models.TextField(db_default=models.Func(function="code"))),
    ]
