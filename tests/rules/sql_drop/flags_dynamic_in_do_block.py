from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "DO $$ BEGIN EXECUTE format('ALTER TABLE %I DROP COLUMN %I', 'post', 'title'); END $$"
        ),
    ]
