from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("post", "rank", models.IntegerField(null=True)),
        migrations.RunSQL("CREATE UNIQUE INDEX x ON blog_post (blog_id) WHERE rank < 2"),
    ]
