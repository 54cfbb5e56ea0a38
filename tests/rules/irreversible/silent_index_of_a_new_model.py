from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.CreateModel("Note", [("id", models.BigAutoField(primary_key=True))]),
        migrations.RunSQL("CREATE INDEX note_id ON blog_note (id)", migrations.RunSQL.noop),
    ]
