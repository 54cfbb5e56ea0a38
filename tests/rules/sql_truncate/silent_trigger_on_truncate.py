from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER guard BEFORE TRUNCATE ON blog_view EXECUTE FUNCTION refuse()"
        ),
    ]
