from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_blog ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY", "ALTER TABLE blog_blog ALTER id DROP IDENTITY"),
    ]
