from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "code", models.IntegerField(null=True)),
        migrations.RunSQL("CREATE UNIQUE INDEX code_idx ON blog_blog (code)", migrations.RunSQL.noop),
    ]
