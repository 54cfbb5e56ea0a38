from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "DO $$ BEGIN EXECUTE 'COMMENT ON TABLE blog_post IS ' || quote_literal(says); END $$",
            migrations.RunSQL.noop,
        ),
    ]
