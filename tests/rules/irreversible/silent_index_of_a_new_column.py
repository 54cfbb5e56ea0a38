from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "rank", models.IntegerField(null=True)),
        migrations.RunSQL("CREATE INDEX blog_rank ON blog_blog (rank)", migrations.RunSQL.noop),
    ]
