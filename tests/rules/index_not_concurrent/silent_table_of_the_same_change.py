from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.CreateModel("Note", fields=[("id", models.BigAutoField(primary_key=True)), ("text", models.TextField())]),
        migrations.AddIndex("note", models.Index(fields=["text"], name="text_idx")),
        migrations.RunSQL("CREATE INDEX other_idx ON blog_note (text)", migrations.RunSQL.noop),
    ]
