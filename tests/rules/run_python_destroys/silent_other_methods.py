from django.core.management import call_command
from django.db import migrations


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    seen = set()
    seen.remove(1)
    names = []
    names.clear()
    run = schema_editor.delete
    getattr(seen, schema_editor.word)()
    call_command('check')
    made = Blog.objects.create(title='x')
    made.tags.set([])
    Blog.objects.clear()
    Blog.tags.add


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
