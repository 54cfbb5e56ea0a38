from django.db import migrations


def clear(queryset):
    queryset.delete()


def forwards(apps, schema_editor):
    clear(apps.get_model("blog", "Comment").objects.all())


class Migration(migrations.Migration):
    operations = [migrations.RunPython(code=forwards)]
