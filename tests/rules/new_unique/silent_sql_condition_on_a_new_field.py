from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("post", "state", models.CharField(max_length=9, db_default="new")),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX x ON blog_post (blog_id) WHERE (state = 'top')"
        ),
    ]
