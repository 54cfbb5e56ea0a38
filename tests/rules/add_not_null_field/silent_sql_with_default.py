from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_blog ADD COLUMN language varchar(10) NOT NULL DEFAULT 'en'", migrations.RunSQL.noop),
    ]
