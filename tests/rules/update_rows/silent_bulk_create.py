from django.db import migrations


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    Blog.objects.bulk_create([Blog(slug="news")], ignore_conflicts=True)
    Blog.objects.bulk_create([Blog(slug="sport")], update_conflicts=False)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
