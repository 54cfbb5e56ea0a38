from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE EVENT TRIGGER noted ON ddl_command_end EXECUTE FUNCTION noted();
            """,
            "DROP EVENT TRIGGER noted",
        ),
        migrations.RunSQL(
            """
            UPDATE blog_blog SET subtitle = title WHERE subtitle IS NULL;
            """,
            migrations.RunSQL.noop,
        ),
    ]
