from django.db import migrations


def forwards(apps, schema_editor):
    Post = apps.get_model("blog", "Post")
    schema_editor.remove_field(Post, Post._meta.get_field("subtitle"))


class Migration(migrations.Migration):
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
