from django.db import migrations
from django.contrib.postgres.constraints import ExclusionConstraint


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddConstraint("post", ExclusionConstraint(expressions=[("blog", "=")], name="one_post")),
    ]
