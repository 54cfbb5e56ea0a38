from django.db import migrations, models


def fill(apps, schema_editor):
    Country = apps.get_model("blog", "Country")
    for entry in load():
        Country.objects.update_or_create(code=entry.code, defaults=entry.fields)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.CreateModel("Country", [("code", models.CharField(max_length=2))]),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
