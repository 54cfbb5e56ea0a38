from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' THEN
                    RETURN OLD;
                END IF;
                RETURN NEW;
            END $$;
            CREATE FUNCTION either() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RETURN COALESCE(NEW, OLD);
            END $$;
            CREATE FUNCTION made() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW := OLD;
                RETURN NEW;
            END $$;
            CREATE FUNCTION plain() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RETURN NEW;
            END $$;
            CREATE TRIGGER a BEFORE INSERT OR DELETE ON blog_post
                FOR EACH ROW EXECUTE FUNCTION note();
            CREATE TRIGGER b BEFORE DELETE ON blog_post FOR EACH ROW EXECUTE FUNCTION either();
            CREATE TRIGGER c BEFORE DELETE ON blog_post FOR EACH ROW EXECUTE FUNCTION made();
            CREATE TRIGGER d AFTER DELETE ON blog_post FOR EACH ROW EXECUTE FUNCTION plain();
            CREATE TRIGGER e BEFORE DELETE ON blog_post
                FOR EACH STATEMENT EXECUTE FUNCTION plain();
            CREATE TRIGGER f BEFORE INSERT OR UPDATE ON blog_post
                FOR EACH ROW EXECUTE FUNCTION plain();
            """,
            migrations.RunSQL.noop,
        ),
    ]
