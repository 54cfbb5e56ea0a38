from enum import StrEnum

from django.db import migrations


class Statement(StrEnum):
    """What is run."""

    BLOG = "COMMENT ON TABLE blog_blog IS 'x'"
    POST = "COMMENT ON TABLE blog_post IS 'x'"


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        *[migrations.RunSQL(each.value, migrations.RunSQL.noop) for each in Statement],
        migrations.RunSQL(Statement.BLOG, migrations.RunSQL.noop),
    ]
