from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE elsewhere ALTER title DROP NOT NULL",
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField("elsewhere", "title", models.TextField(null=True)),
                migrations.AlterField("blog", "motto", models.TextField(null=True)),
            ],
        ),
    ]
