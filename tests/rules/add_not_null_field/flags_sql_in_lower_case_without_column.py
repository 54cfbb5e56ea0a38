from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("alter table blog_blog add language text not null", migrations.RunSQL.noop),
    ]
