from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(["CREATE FUNCTION clean() RETURNS trigger AS $$ BEGIN NEW.title := trim(NEW.title); RETURN NEW; END $$ LANGUAGE plpgsql", "CREATE TRIGGER cleaned BEFORE INSERT ON blog_blog FOR EACH ROW EXECUTE FUNCTION clean()"], "DROP FUNCTION clean; DROP TRIGGER cleaned ON blog_blog;"),
    ]
