from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                "CREATE TRIGGER t BEFORE INSERT ON blog_blog FOR EACH ROW EXECUTE FUNCTION give_title()",
                "DROP TRIGGER t ON blog_blog",
            ],
            migrations.RunSQL.noop,
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("blog", "title")],
        ),
    ]
