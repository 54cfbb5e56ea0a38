from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "lent", models.BooleanField(default=False)),
        migrations.RunSQL('ALTER TABLE "blog_blog" ALTER COLUMN "lent" SET DEFAULT false', "SELECT 1"),
    ]
