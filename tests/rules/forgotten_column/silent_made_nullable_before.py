from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AlterField("blog", "title", models.CharField(max_length=200, null=True)),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("blog", "title")],
        ),
    ]
