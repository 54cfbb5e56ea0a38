from django.db import migrations


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    blog = Blog.objects.get(pk=1)
    blog.title = 'x'
    blog.save()
    Blog.objects.filter(id=1).update(title='')


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
