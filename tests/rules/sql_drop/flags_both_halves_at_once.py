from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("blog", "body"),
                migrations.DeleteModel("Tagging"),
            ],
        ),
        migrations.RunSQL("ALTER TABLE blog_blog DROP COLUMN body", migrations.RunSQL.noop),
    ]
