from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.CreateModel("Scratch", fields=[("note", models.TextField())]),
        migrations.RenameModel("Scratch", "Note"),
        migrations.RemoveField("note", "note"),
    ]
