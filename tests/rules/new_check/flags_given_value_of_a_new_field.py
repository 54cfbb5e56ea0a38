from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.AddField("blog", "note", models.TextField(null=True)),
        migrations.AddConstraint("blog", models.CheckConstraint(condition=models.Q(note__isnull=False), name="note_given")),
    ]
