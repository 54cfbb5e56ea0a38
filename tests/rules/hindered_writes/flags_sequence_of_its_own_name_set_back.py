from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("DO $$ BEGIN PERFORM setval('post_numbers', 1); END $$"),
    ]
