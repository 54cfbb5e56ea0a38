from django.db import migrations
from tagulous.models import fields


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "tags", fields.TagField(to="blog.tags")),
    ]


# --- new
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RemoveField("blog", "tags"),
    ]
