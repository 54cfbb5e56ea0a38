from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RenameField("blog", "title", "headline")],
            [migrations.RenameField("blog", "title", "headline")],
        ),
    ]
