from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER titles BEFORE INSERT ON blog_blog FOR EACH ROW EXECUTE FUNCTION give_title()",
            "DROP TRIGGER titles ON blog_blog",
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("blog", "title")],
        ),
    ]
