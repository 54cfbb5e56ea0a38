from django.db import migrations


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    Blog.objects.bulk_create(
        [Blog(slug="news")], update_conflicts=True, unique_fields=["slug"], update_fields=["title"]
    )


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
