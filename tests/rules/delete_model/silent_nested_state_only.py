from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.SeparateDatabaseAndState(
                    database_operations=[migrations.DeleteModel("Comment")],
                    state_operations=[migrations.DeleteModel("Comment")],
                ),
            ],
        ),
    ]
