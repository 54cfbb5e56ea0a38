from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("post", "pinned", models.BooleanField(null=True)),
        migrations.RunSQL("CREATE UNIQUE INDEX x ON blog_post (blog_id) WHERE pinned"),
        migrations.RunSQL("CREATE UNIQUE INDEX y ON blog_post (blog_id) WHERE pinned IS TRUE"),
    ]
