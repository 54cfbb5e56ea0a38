from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("DROP TRIGGER IF EXISTS cleaned ON blog_blog", migrations.RunSQL.noop),
        migrations.RunSQL("CREATE TRIGGER cleaned BEFORE INSERT ON blog_blog FOR EACH ROW EXECUTE FUNCTION clean()", migrations.RunSQL.noop),
    ]
