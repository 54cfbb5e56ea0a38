from django.db import migrations
from taggit.managers import TaggableManager


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "words", TaggableManager(through="taggit.TaggedItem", to="taggit.Tag")),
    ]
