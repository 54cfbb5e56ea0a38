from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                -- For a DELETE: RETURN OLD
                INSERT INTO notes (what) VALUES (TG_OP);
                IF TG_OP = 'UPDATE' THEN
                    RETURN NEW;
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER t BEFORE INSERT OR UPDATE OR DELETE ON blog_post
                FOR EACH ROW EXECUTE FUNCTION note();
            """,
            migrations.RunSQL.noop,
        ),
    ]
