from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("INSERT INTO labels VALUES (1)", "DELETE FROM labels WHERE id = 1"),
    ]
