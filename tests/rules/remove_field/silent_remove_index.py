from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="blog", name="blog_subtitle_idx"),
    ]
