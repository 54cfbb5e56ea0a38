from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE blog_blog ALTER title DROP NOT NULL",
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField("blog", "title", models.CharField(max_length=200, null=True))
            ],
        ),
    ]
