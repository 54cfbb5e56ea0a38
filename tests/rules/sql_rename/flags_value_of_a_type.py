from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'", migrations.RunSQL.noop),
    ]
