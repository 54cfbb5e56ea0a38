from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("DO $$ BEGIN ALTER TABLE blog_blog ALTER COLUMN subtitle SET NOT NULL; END $$", migrations.RunSQL.noop),
    ]
