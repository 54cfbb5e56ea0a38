from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$;
            CREATE TRIGGER t BEFORE DELETE ON blog_post FOR EACH ROW EXECUTE FUNCTION note();
            CREATE TRIGGER u AFTER UPDATE ON blog_post FOR EACH ROW EXECUTE FUNCTION note();
            """,
            migrations.RunSQL.noop,
        ),
    ]
