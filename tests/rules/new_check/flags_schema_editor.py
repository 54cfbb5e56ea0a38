from django.db import migrations, models


def change(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    check = models.CheckConstraint(condition=models.Q(views__gte=0), name="not_negative")
    schema_editor.remove_constraint(Blog, check)
    schema_editor.add_constraint(Blog, check)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
