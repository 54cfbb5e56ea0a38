from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN NEW.title := 'a'; RETURN NEW; END $$ LANGUAGE plpgsql",
                "CREATE TRIGGER t BEFORE INSERT ON blog_blog FOR EACH ROW EXECUTE FUNCTION f()",
            ],
            migrations.RunSQL.noop,
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("blog", "title")],
        ),
    ]
