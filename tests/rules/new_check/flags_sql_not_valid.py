from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_blog ADD CONSTRAINT positive CHECK (views >= 0) NOT VALID", migrations.RunSQL.noop),
    ]
