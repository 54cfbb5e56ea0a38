from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
            CREATE TRIGGER t BEFORE INSERT ON blog_post FOR EACH ROW EXECUTE FUNCTION skip();
            """,
            migrations.RunSQL.noop,
        ),
    ]
