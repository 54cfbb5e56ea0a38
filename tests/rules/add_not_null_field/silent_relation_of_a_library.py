from django.db import migrations
from tagulous.models import fields


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "tags", fields.TagField(_set_tag_meta=True, to="blog.tags")),
    ]
