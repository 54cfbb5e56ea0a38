from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_blog ADD COLUMN code uuid DEFAULT '00000000-0000-0000-0000-000000000000'", migrations.RunSQL.noop),
    ]
