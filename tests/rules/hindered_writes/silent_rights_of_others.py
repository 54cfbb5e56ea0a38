from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("REVOKE ALL ON blog_post FROM PUBLIC; REVOKE CREATE ON SCHEMA x FROM web"),
        migrations.RunSQL("REVOKE reader FROM web; GRANT SELECT ON blog_post TO web"),
    ]
