from django.db import migrations


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    blog = Blog(title='x')
    blog.title = 'y'
    blog.save()
    Blog(title='z').save()
    schema_editor.thing.title = 'x'
    other = schema_editor
    other.title = ''
    other.save()
    schema_editor.update(title='')


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
