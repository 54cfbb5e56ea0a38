from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "DO $$ BEGIN EXECUTE verb || ' FROM ' || quote_ident('blog_post'); END $$",
            migrations.RunSQL.noop,
        ),
    ]
