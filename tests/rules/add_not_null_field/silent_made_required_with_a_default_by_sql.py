from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "lent", models.BooleanField(null=True)),
        migrations.RunSQL("UPDATE blog_blog SET lent = false WHERE lent IS NULL", "SELECT 1"),
        migrations.AlterField("blog", "lent", models.BooleanField(default=False)),
        migrations.RunSQL("ALTER TABLE blog_blog ALTER lent SET DEFAULT false", "SELECT 1"),
    ]
