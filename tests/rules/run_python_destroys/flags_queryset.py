from django.db import migrations


def forwards(apps, schema_editor):
    Comment = apps.get_model("blog", "Comment")
    Comment.objects.filter(spam=True).delete()


class Migration(migrations.Migration):
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
