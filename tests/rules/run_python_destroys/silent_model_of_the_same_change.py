from django.db import migrations, models


def change(apps, schema_editor):
    Season = apps.get_model("blog", "Season")
    Season.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.CreateModel("Season", [("id", models.BigAutoField(primary_key=True))]),
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
