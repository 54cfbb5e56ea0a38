from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_blog ALTER slug DROP NOT NULL", "ALTER TABLE blog_blog ALTER slug SET NOT NULL"),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("blog", "title")],
        ),
    ]
