from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE VIEW blog_titles AS SELECT id, body FROM blog_blog",
            "DROP VIEW blog_titles",
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("blog", "body"),
                migrations.DeleteModel("Tagging"),
            ],
        ),
    ]


# --- new
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_blog DROP COLUMN body", migrations.RunSQL.noop),
    ]
