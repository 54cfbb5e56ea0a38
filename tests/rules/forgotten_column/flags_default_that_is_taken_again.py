from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE blog_blog ALTER title SET DEFAULT ''",
                "ALTER TABLE blog_blog ALTER title DROP DEFAULT",
            ],
            migrations.RunSQL.noop,
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("blog", "title")],
        ),
    ]
