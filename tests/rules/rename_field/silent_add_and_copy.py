from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "headline", models.TextField(null=True)),
        migrations.RunSQL("UPDATE blog_blog SET headline = title", migrations.RunSQL.noop),
    ]
