from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE OR REPLACE FUNCTION clean() RETURNS trigger AS $$ BEGIN NEW.title := lower(NEW.title); RETURN NEW; END $$ LANGUAGE plpgsql", migrations.RunSQL.noop),
    ]
