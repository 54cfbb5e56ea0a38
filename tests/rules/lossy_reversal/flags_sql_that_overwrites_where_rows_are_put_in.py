from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "INSERT INTO labels (id, name) VALUES (gen_random_uuid(), 'a')",
            "UPDATE labels SET name = ''",
        ),
    ]
