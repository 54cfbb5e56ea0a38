from django.db import migrations, models


def rename(model, old, new, **options):
    return [
        migrations.AlterField(
            model, old, models.IntegerField(default=0, db_column=options.get("column", new))
        ),
        migrations.RenameField(model, old, new),
    ]


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = rename("blog", "views", "seen")
