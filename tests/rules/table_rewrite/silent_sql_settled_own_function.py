from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE FUNCTION tenant() RETURNS text LANGUAGE sql STABLE AS 'SELECT 1'", migrations.RunSQL.noop),
        migrations.RunSQL("ALTER TABLE blog_blog ADD COLUMN code text DEFAULT tenant()", migrations.RunSQL.noop),
    ]
