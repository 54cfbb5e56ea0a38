from django.db import migrations

SQL = "BEGIN; " "TRUNCATE ONLY blog_view;" "COMMIT;"


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(SQL),
    ]
