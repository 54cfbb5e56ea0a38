from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_blog ADD CHECK (views >= 0) NOT VALID", migrations.RunSQL.noop),
        migrations.RunSQL("ALTER TABLE blog_blog VALIDATE CONSTRAINT p", migrations.RunSQL.noop),
    ]
