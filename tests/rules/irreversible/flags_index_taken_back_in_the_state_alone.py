from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL("DROP INDEX blog_blog_slug", "")],
            state_operations=[
                migrations.AlterField("blog", "slug", models.CharField(max_length=50))
            ],
        ),
    ]
