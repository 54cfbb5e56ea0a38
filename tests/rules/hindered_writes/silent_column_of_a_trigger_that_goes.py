from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.subtitle := upper(NEW.subtitle);
                RETURN NEW;
            END $$;
            CREATE TRIGGER noting BEFORE UPDATE ON blog_blog
                FOR EACH ROW EXECUTE FUNCTION noted();
            """,
            "DROP TRIGGER noting ON blog_blog; DROP FUNCTION noted()",
        ),
    ]


# --- new
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RunSQL("DROP TRIGGER noting ON blog_blog", migrations.RunSQL.noop),
        migrations.RemoveField("blog", "subtitle"),
    ]
