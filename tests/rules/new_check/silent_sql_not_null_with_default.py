from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "stars", models.IntegerField(null=True, db_default=1)),
        migrations.RunSQL("ALTER TABLE blog_blog ADD CONSTRAINT given CHECK (stars IS NOT NULL)", migrations.RunSQL.noop),
    ]
