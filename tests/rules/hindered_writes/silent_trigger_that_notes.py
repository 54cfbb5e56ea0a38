from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
            CREATE TRIGGER t AFTER INSERT ON blog_post FOR EACH ROW EXECUTE FUNCTION note();
            CREATE TRIGGER odd;
            """,
            migrations.RunSQL.noop,
        ),
    ]
