from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ANALYZE blog_blog", migrations.RunSQL.noop),
        migrations.AlterField("blog", "title", models.CharField(max_length=200, null=True)),
    ]
