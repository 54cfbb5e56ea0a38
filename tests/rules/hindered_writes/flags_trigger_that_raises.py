from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $f$
            BEGIN RAISE EXCEPTION 'read-only'; END $f$;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            """
            CREATE TRIGGER t BEFORE UPDATE ON blog_post FOR EACH ROW EXECUTE FUNCTION refuse();
            """,
            migrations.RunSQL.noop,
        ),
    ]
