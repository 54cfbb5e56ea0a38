from django.db import migrations

TABLES = ["blog_comment", "blog_like"]


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("; ".join(f"DROP TABLE {name}" for name in TABLES)),
    ]
