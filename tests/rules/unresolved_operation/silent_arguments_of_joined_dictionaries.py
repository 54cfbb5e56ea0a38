from django.db import migrations

BACK = {"reverse_sql": migrations.RunSQL.noop}
GIVEN = {"sql": "COMMENT ON TABLE blog_blog IS 'x'"} | {**BACK}


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [migrations.RunSQL(**GIVEN)]
