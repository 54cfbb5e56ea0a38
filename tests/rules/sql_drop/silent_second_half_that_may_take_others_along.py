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
    ]


# --- new
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RunSQL("DROP TABLE blog_tagging CASCADE", migrations.RunSQL.noop),
    ]
