from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                ("UPDATE blog_post SET title = %s", ["x"]),
                ("DROP TABLE blog_comment", None),
            ]
        ),
    ]
