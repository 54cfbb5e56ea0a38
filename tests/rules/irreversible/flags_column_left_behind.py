from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_post ADD COLUMN branch text, ADD CHECK (true)", migrations.RunSQL.noop),
    ]
