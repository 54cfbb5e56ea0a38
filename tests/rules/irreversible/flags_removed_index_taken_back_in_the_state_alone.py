from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddIndex("blog", models.Index(fields=["views"], name="by_views")),
        migrations.RunSQL(
            "DROP INDEX by_views",
            "",
            state_operations=[migrations.RemoveIndex("blog", "by_views")],
        ),
    ]
