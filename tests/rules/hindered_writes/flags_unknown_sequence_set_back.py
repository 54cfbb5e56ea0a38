from django.db import migrations
from blog.names import sequence


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("SELECT setval(%s, 1)" % sequence()),
    ]
