from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE blog_post ALTER COLUMN id SET CACHE 50",
            "ALTER TABLE blog_post ALTER COLUMN id SET CACHE 1 RESTART WITH 1",
        ),
    ]
