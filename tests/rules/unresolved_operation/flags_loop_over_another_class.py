from django.db import migrations


class Statements:
    BLOG = "COMMENT ON TABLE blog_blog IS 'x'"


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [migrations.RunSQL(each, migrations.RunSQL.noop) for each in Statements]
