from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$;
            CREATE TRIGGER t BEFORE UPDATE ON blog_post FOR EACH ROW EXECUTE FUNCTION undo();
            """,
            migrations.RunSQL.noop,
        ),
    ]
