from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("GRANT SELECT, DELETE ON blog_comment TO editor"),
    ]
