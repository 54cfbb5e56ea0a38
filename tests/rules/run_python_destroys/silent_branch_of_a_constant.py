from django.db import migrations

KEPT, GONE = "kept", "gone"


def walk(rows, *, on_spam):
    if on_spam == KEPT:
        return
    rows.filter(spam=True).delete()


def forwards(apps, schema_editor):
    walk(apps.get_model("blog", "Comment").objects.all(), on_spam=KEPT)


class Migration(migrations.Migration):
    operations = [migrations.RunPython(code=forwards)]
