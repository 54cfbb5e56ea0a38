from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("blog", "title")],
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AlterModelTable("blog", "blog_blog"), migrations.RenameModel("blog", "weblog")],
        ),
    ]
