from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("SELECT set_config('lock_timeout', '2s', true)", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="blog",
            name="note",
            field=models.TextField(null=True),
        ),
    ]
