from django.db import migrations


class Migration(migrations.Migration):
    database_operations = [migrations.RemoveField("blog", "subtitle")]
    state_operations = [migrations.RemoveField("blog", "subtitle")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=database_operations,
            state_operations=state_operations,
        )
    ]
