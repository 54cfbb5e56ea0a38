from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_post ADD a text; ALTER TABLE blog_post RENAME COLUMN a TO b", "ALTER TABLE blog_post DROP COLUMN a"),
    ]
