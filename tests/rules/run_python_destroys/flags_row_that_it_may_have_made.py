from django.db import migrations


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    blog = Blog.objects.create(title="probe")
    if Blog.objects.exists():
        blog = Blog.objects.first()
    blog.delete()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
