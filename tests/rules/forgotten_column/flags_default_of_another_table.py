from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_post ALTER title SET DEFAULT ''", "ALTER TABLE blog_post ALTER title DROP DEFAULT"),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("blog", "title")],
        ),
    ]
