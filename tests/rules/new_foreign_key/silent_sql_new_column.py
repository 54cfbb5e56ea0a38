from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("post", "second", models.BigIntegerField(null=True)),
        migrations.RunSQL("ALTER TABLE blog_post ADD FOREIGN KEY (second) REFERENCES blog_blog", migrations.RunSQL.noop),
    ]
