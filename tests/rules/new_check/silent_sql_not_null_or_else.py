from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "stars", models.IntegerField(null=True)),
        migrations.RunSQL("ALTER TABLE blog_blog ADD CONSTRAINT given CHECK (stars IS NULL OR (stars IS NOT NULL AND stars > 0))", migrations.RunSQL.noop),
    ]
