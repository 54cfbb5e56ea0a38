from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="second",
            field=models.ForeignKey("blog.Blog", models.CASCADE, null=True, related_name="+"),
        ),
    ]
