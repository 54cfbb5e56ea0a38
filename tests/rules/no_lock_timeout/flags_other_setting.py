from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("SET LOCAL statement_timeout = '2s'", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="blog",
            name="note",
            field=models.TextField(null=True),
        ),
    ]
