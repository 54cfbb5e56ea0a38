from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL("ALTER TABLE blog_blog ADD COLUMN mood text ", migrations.RunSQL.noop)],
            state_operations=[migrations.AddField("blog", "mood", models.TextField(default=""))],
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("blog", "mood")],
        ),
    ]
