from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "PREPARE p AS UPDATE blog_post SET title = ''; EXECUTE p", migrations.RunSQL.noop
        ),
    ]
